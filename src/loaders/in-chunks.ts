import { chunksOf } from '../domain/chunks.ts';
import { inParallel } from '../domain/in-parallel.ts';

/** Ids in one call that takes a list of them, at most. */
export const CHUNK = 1_000;

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
