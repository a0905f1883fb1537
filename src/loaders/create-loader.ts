import DataLoader from 'dataloader';

import type { Call } from '../mlmd/store.ts';

/** A loader of what is asked for in a tick; where the call is traced, each of its batches is a part of the trace. */
export function createLoader<Key, Value, CacheKey = Key>(
  { batch }: Call,
  name: string,
  load: DataLoader.BatchLoadFn<Key, Value>,
  options?: DataLoader.Options<Key, Value, CacheKey>,
): DataLoader<Key, Value, CacheKey> {
  const traced = batch && ((keys: readonly Key[]) => batch(name, keys.length, async () => load(keys)));
  return new DataLoader(traced ?? load, options);
}
