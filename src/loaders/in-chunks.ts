import { chunksOf } from '../domain/chunks.ts';

/** Ids in one call that takes a list of them, at most. */
export const CHUNK = 1_000;

/** Calls under way at once for one level of a query. */
const PARALLEL = 16;

/**
 * What `read` gives for all ids, asked for in chunks of `size`. The chunks come back together, so that the level below
 * is asked for at once and not chunk by chunk.
 */
export async function inChunks<Id, Row>(
  ids: readonly Id[],
  size: number,
  read: (chunk: Id[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  return (await inParallel(chunksOf(ids, size), read)).flat();
}

/** What `work` gives for each item, in their order, with at most 16 under way at once; none is begun after a failure. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  let failed = false;
  const worker = async () => {
    for (const [index, item] of rest) {
      results[index] = await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  return results;
}
