import type { Call, RpcName, RpcRequest, RpcResponse } from '../store.ts';

import type { Transaction } from './transaction.ts';

/** One RPC inside one transaction. It awaits nothing but its statements; what it throws rolls the transaction back. */
export type EngineRpc<Name extends RpcName> = (
  transaction: Transaction,
  request: RpcRequest<Name>,
  call: Call,
) => Promise<RpcResponse<Name>>;

/** Some of the service's RPCs. */
export type EngineRpcs = { readonly [Name in RpcName]?: EngineRpc<Name> };
