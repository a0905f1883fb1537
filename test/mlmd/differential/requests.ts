import type fc from 'fast-check';

import type { RpcName, RpcRequest } from '../../../src/mlmd/store.ts';

/** How often an RPC is called beside others, and with what. */
export type Requests = { readonly [Name in RpcName]?: readonly [weight: number, fc.Arbitrary<RpcRequest<Name>>] };
