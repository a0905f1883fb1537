import { InvalidArgumentError } from 'commander';

/** How many links to go: a whole number from 0 to 10,000. Throws InvalidArgumentError. */
export function toDepth(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 10_000) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number from 0 to 10000');
}

/** How many nodes an answer may have: a whole number from 1 to 10,000. Throws InvalidArgumentError. */
export function toNodeCount(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 10_000) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number from 1 to 10000');
}

/** How many changes an answer may have: a whole number from 1 to 1,200: more would cost more than one query may. Throws InvalidArgumentError. */
export function toChangeCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1_200) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number from 1 to 1200');
}
