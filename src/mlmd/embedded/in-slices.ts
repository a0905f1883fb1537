import type { Call } from '../store.ts';
import { refuseLate } from './refuse-late.ts';
import type { Transaction } from './transaction.ts';

/**
 * What `read` gives for all the items, so many of them at a time. Between them others have their turn, on the same
 * snapshot. CANCELLED or DEADLINE_EXCEEDED where nobody waits for it any more.
 */
export async function inSlices<Item, Result>(
  transaction: Transaction,
  call: Call,
  items: readonly Item[],
  size: number,
  read: (slice: readonly Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  if (items.length <= size) return read(items);
  const results: Result[][] = [];
  for (let from = 0; from < items.length; from += size) {
    await transaction.turn(); // before the first one too: many large reads may begin at once
    refuseLate(call);
    results.push(await read(items.slice(from, from + size)));
  }
  return results.flat();
}
