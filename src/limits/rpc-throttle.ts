import { RegistryError } from '../errors.ts';
import type { AdmitCall } from '../mlmd/serve/admit.ts';
import { type Buckets, createBuckets } from './buckets.ts';
import { createInFlight } from './in-flight.ts';
import type { Limits } from './limits.ts';
import { addressKey, payerOf } from './payer.ts';
import { TOO_MANY_LOGINS } from './too-many-logins.ts';

/** An RPC costs one, and one more for each KiB that comes or goes. */
const BYTES_PER_COST = 1_024;

/** The limits of a gRPC server: those of HTTP, counted for themselves. */
export function createRpcThrottle(limits: Limits): AdmitCall {
  const begin = createInFlight(limits.maxInFlight);
  const costs = limits.cost && createBuckets(limits.cost);
  const changes = limits.changes && createBuckets(limits.changes);
  const logins = limits.failedLogins && createBuckets(limits.failedLogins);
  return ({ rpc, peer, bytes }) => {
    const address = peer.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
    const ended = begin();
    let payer: string | undefined;
    return {
      pay(caller) {
        if (payer !== undefined) return;
        payer = caller ? payerOf(caller, address) : addressKey(address);
        if (rpc.startsWith('Put')) take(changes, payer, 1, 'changed');
        take(costs, payer, 1 + Math.floor(bytes / BYTES_PER_COST), 'asked for');
      },
      unknown() {
        if (!logins || logins.take(addressKey(address), 1)) return;
        throw new RegistryError('RATE_LIMITED', TOO_MANY_LOGINS);
      },
      end(answered) {
        ended();
        if (payer !== undefined) costs?.give(payer, -Math.floor(answered / BYTES_PER_COST));
      },
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
