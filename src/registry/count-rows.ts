import type { Call } from '../mlmd/store.ts';

/** Rows that are gone through for a count at most. */
const MAX_ROWS = 100_000;

/**
 * How many of the rows fit, by going through all of them. Null where there are more than 100,000, and where that takes
 * more than half of the time that the request has left: the rest of its answer is worth more.
 */
export async function countRows<Row>(
  rows: AsyncIterable<Row>,
  fits: (row: Row) => boolean,
  { deadline = Number.POSITIVE_INFINITY, signal }: Call,
): Promise<number | null> {
  const until = (Date.now() + deadline) / 2;
  let seen = 0;
  let count = 0;
  for await (const row of rows) {
    seen += 1;
    if (seen > MAX_ROWS || Date.now() > until || signal?.aborted) return null;
    if (fits(row)) count += 1;
  }
  return count;
}
