import type { RpcName, RpcRequest } from '../../../src/mlmd/store.ts';

/** One RPC of a sequence; what the request lacks until then (times, tokens) each store gets from itself. */
export interface Step {
  readonly rpc: RpcName;
  readonly request: object;
  /** The request, where it has what the same store answered to the steps before. */
  readonly fill?: (answers: readonly unknown[]) => object;
}

/** A step with a request that the RPC takes. */
export function step<Name extends RpcName>(rpc: Name, request: RpcRequest<Name>): Step {
  return { rpc, request };
}
