import { ListOperationNextPageToken } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

/** Lists that the C++ engine fills from a hash table or in the order of an index. */
const UNORDERED = new Set(['contexts', 'artifacts', 'executions', 'events', 'attributions', 'associations']);

/** Which lists of an answer have no order. */
export type Unordered = 'all' | 'events' | 'none';

/**
 * A message to compare: without absent fields, maps as lists by name, bytes as numbers, times of the test by the number
 * of the step that set them (the last of `times` that began before), tokens by what is in them.
 */
export function tidy(message: unknown, times: readonly number[], unordered: Unordered = 'none', key = ''): unknown {
  const inner = (value: unknown, name = key) => tidy(value, times, unordered, name);
  if (message instanceof Uint8Array) return [...message];
  if (typeof message === 'bigint') return byStep(message, times);
  if (key === 'nextPageToken' && typeof message === 'string' && message !== '') return inner(decodeToken(message), '');
  if (message instanceof Map) return [...message].map((entry) => inner(entry)).sort(byText);
  if (Array.isArray(message)) {
    const list = message.map((value) => inner(value, ''));
    return (unordered === 'all' ? UNORDERED.has(key) : key === unordered) ? list.sort(byText) : list;
  }
  if (typeof message !== 'object' || message === null) return message;
  const fields = Object.entries(message)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, value]) => [name, inner(value, name)]));
}

/** A time of the test as the step that set it; all other integers as they are. */
export function byStep(value: bigint, times: readonly number[]): unknown {
  const isTime = value > 1_700_000_000_000n && value < 2n ** 50n;
  return isTime ? `step ${times.findLastIndex((time) => BigInt(time) <= value)}` : value;
}

/** The place in the list; the options that the C++ engine repeats beside it, it does not look at but for the order. */
function decodeToken(token: string): unknown {
  const { fieldOffset, idOffset } = ListOperationNextPageToken.decode(Buffer.from(token, 'base64url'));
  return { fieldOffset, idOffset };
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [toText(a), toText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? `${each}` : each));
}
