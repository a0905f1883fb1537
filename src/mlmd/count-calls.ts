import { aroundCalls } from './around-calls.ts';
import type { MetadataStore } from './store.ts';

/** A store, and the calls that it has had. */
export interface CountedStore {
  readonly store: MetadataStore;
  /** Each call as `GetArtifactsByID(3)`: the RPC, and how many ids or rows it asked for. */
  readonly calls: string[];
}

/** A store that hands each call on and notes it: what a query costs is part of what is tested and measured. */
export function countCalls(store: MetadataStore): CountedStore {
  const calls: string[] = [];
  const counted = aroundCalls(store, ({ name, size }, make) => {
    calls.push(`${name}(${size()})`);
    return make();
  });
  return { store: counted, calls };
}
