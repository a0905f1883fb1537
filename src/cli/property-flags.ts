import { type Command, InvalidArgumentError } from 'commander';

import type { PropertyInput } from '../generated/cli-operations.ts';

/** NAME=VALUE. Throws InvalidArgumentError. */
export function toPair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new InvalidArgumentError('it has to be NAME=VALUE');
}

/** Collects the pairs of a flag that may be given several times. */
export function collectPairs(text: string, before: readonly (readonly [string, string])[] = []) {
  return [...before, toPair(text)];
}

/** Adds `--property NAME=VALUE`. */
export function withProperties(command: Command): Command {
  return command.option('--property <name=value>', 'a custom property, as a text; may be repeated', collectPairs);
}

/** The pairs as custom properties; undefined where there are none. */
export function toProperties(
  pairs: readonly (readonly [string, string])[] | undefined,
): readonly PropertyInput[] | undefined {
  return pairs?.map(([name, stringValue]) => ({ name, value: { stringValue } }));
}
