import { openAccess } from '../auth/access.ts';
import type { Policy } from '../auth/policy.ts';
import type { StoreFor } from '../mlmd/serve/store-for.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import { guardStore } from './guard-store.ts';
import { ruledRpcs } from './rpc-rules.ts';

/** The store as callers of its RPCs get to see it: known by the policy, each RPC by its rule, each node by its own. */
export function storeForCallers(store: MetadataStore, policy: Policy): StoreFor {
  const guarded = guardStore(store);
  return async (credentials) => {
    const access = await openAccess(policy, await policy.authenticate(credentials), credentials);
    const view = guarded(access);
    return access.unbounded ? view : { ...view, ...ruledRpcs(view, access) };
  };
}
