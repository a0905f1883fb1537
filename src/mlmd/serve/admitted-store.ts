import { registryErrorIn } from '../../errors.ts';
import type { MetadataStore } from '../store.ts';
import type { Admission } from './admit.ts';
import type { StoreFor } from './store-for.ts';
import { type ServerCall, toCredentials } from './to-credentials.ts';

/**
 * The store as who makes this call gets to see it: they have paid for the call, and where it is not known who they are, that
 * was counted. RESOURCE_EXHAUSTED for what is too much, and as {@link StoreFor}.
 */
export async function admittedStore(
  storeFor: StoreFor,
  rpc: string,
  call: ServerCall,
  admission: Admission,
): Promise<MetadataStore> {
  try {
    const store = await storeFor(toCredentials(call), rpc, admission.pay);
    admission.pay();
    return store;
  } catch (error) {
    if (registryErrorIn(error)?.code === 'UNAUTHENTICATED') admission.unknown();
    throw error;
  }
}
