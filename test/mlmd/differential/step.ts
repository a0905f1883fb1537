import type { RpcName, RpcRequest } from '../../../src/mlmd/store.ts';

/** One RPC of a sequence; what the request lacks until then (times, tokens) each store gets from itself. */
export interface Step {
  readonly rpc: RpcName;
  readonly request: object;
}

/** A step with a request that the RPC takes. */
export function step<Name extends RpcName>(rpc: Name, request: RpcRequest<Name>): Step {
  return { rpc, request };
}
