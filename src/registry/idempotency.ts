import { fingerprint } from '../domain/fingerprint.ts';
import { checkText, MAX_CHARACTERS } from '../domain/text-input.ts';
import { createMistakes, Refusal, type UserError } from '../domain/user-error.ts';
import type { KeptAnswers } from '../mlmd/store.ts';
import type { Effect } from './change.ts';

/** As much of a change as is repeated or not. */
interface Repeatable {
  readonly name: string;
  readonly input: object;
}

/** What is wrong with the key of a change, where it has one. */
export function keyMistakes(change: Repeatable, supported: boolean): readonly UserError[] {
  const key = keyOf(change);
  if (key === undefined) return [];
  const mistakes = createMistakes();
  const here = mistakes.at('idempotencyKey');
  if (supported) checkText(key, { filled: true, maxCharacters: MAX_CHARACTERS }, here);
  else here.add('IDEMPOTENCY_UNSUPPORTED', 'The metadata store cannot keep keys; send the request without one.');
  return mistakes.found;
}

function keyOf({ input }: Repeatable): string | undefined {
  const { idempotencyKey } = input as { readonly idempotencyKey?: unknown };
  return typeof idempotencyKey === 'string' ? idempotencyKey : undefined;
}

/** The same for the same mutation and input; empty for a change without a key. */
export async function fingerprintOf(change: Repeatable): Promise<string> {
  if (keyOf(change) === undefined) return '';
  const { idempotencyKey: _key, ...input } = change.input as Record<string, unknown>;
  return fingerprint([change.name, input]);
}

/** What the change did when it was asked for the first time; refused with `KEY_REUSED` where the key was another's. */
export async function answeredBefore(
  kept: KeptAnswers | undefined,
  change: Repeatable,
  fingerprint: string,
): Promise<Effect | undefined> {
  const key = keyOf(change);
  const before = key === undefined ? undefined : await kept?.find(key);
  if (!before) return undefined;
  if (before.request === fingerprint) return JSON.parse(before.answer) as Effect; // as keepAnswer wrote it
  const mistakes = createMistakes();
  mistakes.at('idempotencyKey').add('KEY_REUSED', 'The key was used with another input; take a new one.');
  throw new Refusal(mistakes.found);
}

/** Remembers what the change did, where it has a key. */
export async function keepAnswer(
  kept: KeptAnswers | undefined,
  change: Repeatable,
  fingerprint: string,
  effect: Effect,
): Promise<void> {
  const key = keyOf(change);
  if (key !== undefined) await kept?.keep(key, { request: fingerprint, answer: JSON.stringify(effect) });
}
