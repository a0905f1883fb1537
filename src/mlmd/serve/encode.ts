import { setImmediate } from 'node:timers/promises';

/** Items of a list that are encoded in one go, in some two milliseconds. */
const SLICE = 1_000;

/**
 * The bytes of an answer. One with a long list is encoded in slices, between which others have their turn: of messages
 * one behind the other, a reader joins the lists (protobuf.dev/programming-guides/encoding).
 */
export async function encode<Answer extends object>(
  serialize: (answer: Answer) => Buffer,
  answer: Answer,
): Promise<Buffer> {
  const long = Object.entries(answer).find(([, value]) => Array.isArray(value) && value.length > SLICE);
  if (!long) return serialize(answer);
  const [field, items]: [string, readonly unknown[]] = long;
  const empty = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, emptied(value)]));
  const parts: Buffer[] = [];
  for (let from = 0; from < items.length; from += SLICE) {
    // Still an answer: it has the same fields, of the same types.
    parts.push(serialize({ ...empty, [field]: items.slice(from, from + SLICE) } as Answer));
    await setImmediate();
  }
  return Buffer.concat([...parts, await encode(serialize, { ...answer, [field]: [] })]);
}

function emptied(value: unknown): unknown {
  return Array.isArray(value) ? [] : value instanceof Map ? new Map() : undefined;
}
