import type { Credentials } from '../../auth/credentials.ts';
import type { MetadataStore } from '../store.ts';

/**
 * The store as one caller gets to see it. Rejects with the RegistryError that the caller is told: UNAUTHENTICATED for who
 * is not known, UNAVAILABLE where that cannot be found out.
 */
export type StoreFor = (credentials: Credentials) => Promise<MetadataStore>;
