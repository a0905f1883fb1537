import type { Caller } from '../../auth/caller.ts';
import type { Credentials } from '../../auth/credentials.ts';
import type { MetadataStore } from '../store.ts';

/**
 * The store as one caller gets to see it. Rejects with the RegistryError that the caller is told: UNAUTHENTICATED for who
 * is not known, UNAVAILABLE where that cannot be found out. `rpc` is what they ask for, by its name on the wire;
 * `known` hears who they are before anything is looked at, and may refuse them.
 */
export type StoreFor = (
  credentials: Credentials,
  rpc: string,
  known?: (caller: Caller) => void,
) => Promise<MetadataStore>;
