import { RegistryError } from '../errors.ts';
import { type Buckets, createBuckets } from './buckets.ts';
import { createInFlight } from './in-flight.ts';
import type { Limits } from './limits.ts';
import { addressKey } from './payer.ts';

/** A call of an RPC, before it is made. */
export interface RpcCall {
  /** E.g. `putArtifacts`. */
  readonly rpc: string;
  /** `ADDRESS:PORT` of the other end. */
  readonly peer: string;
  /** The size of the request. */
  readonly bytes: number;
}

/**
 * Lets a call be made: RATE_LIMITED or OVERLOADED where it may not. What it gives is to be called with the size of the
 * answer when the call has ended.
 */
export type AdmitRpc = (call: RpcCall) => (bytes: number) => void;

/** An RPC costs one, and one more for each KiB that comes or goes. */
const BYTES_PER_COST = 1_024;

/** The limits of a gRPC server, whose callers are known by their addresses. */
export function createRpcThrottle(limits: Limits): AdmitRpc {
  const begin = createInFlight(limits.maxInFlight);
  const costs = limits.cost && createBuckets(limits.cost);
  const changes = limits.changes && createBuckets(limits.changes);
  return ({ rpc, peer, bytes }) => {
    const payer = addressKey(peer.replace(/:\d+$/, '').replaceAll(/[[\]]/g, ''));
    const end = begin();
    try {
      if (rpc.startsWith('put')) take(changes, payer, 1, 'changed');
      take(costs, payer, 1 + Math.floor(bytes / BYTES_PER_COST), 'asked for');
    } catch (error) {
      end();
      throw error;
    }
    return (answered) => {
      end();
      costs?.give(payer, -Math.floor(answered / BYTES_PER_COST));
    };
  };
}

function take(buckets: Buckets | undefined, payer: string, amount: number, what: string): void {
  if (!buckets || buckets.take(payer, amount)) return;
  throw new RegistryError(
    'RATE_LIMITED',
    `You have ${what} too much in a short time: ask again in ${buckets.wait(payer, amount)} s.`,
  );
}
