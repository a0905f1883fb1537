import type { Credentials } from '../../auth/credentials.ts';
import type { MetadataStore } from '../store.ts';

/**
 * The store as one caller gets to see it. Rejects with the RegistryError that the caller is told: UNAUTHENTICATED for who
 * is not known, UNAVAILABLE where that cannot be found out. `rpc` is what they ask for, by its name on the wire.
 */
export type StoreFor = (credentials: Credentials, rpc: string) => Promise<MetadataStore>;
