import type { GatewayMetrics } from './gateway-metrics.ts';
import { outcomeOf, toldCodeOf } from './outcome.ts';

const DOOR = 'grpc';

/** Counts and times the calls at the gRPC door, as `onCall` of the server hears of them. */
export function createRpcMeasure(metrics: GatewayMetrics): (rpc: string) => (failure?: unknown) => void {
  return (rpc) => {
    const begun = performance.now();
    metrics.inFlight.add([DOOR]);
    return (failure) => {
      metrics.inFlight.add([DOOR], -1);
      metrics.requests.add([DOOR, rpc, failure === undefined ? 'OK' : outcomeOf(failure)]);
      metrics.requestSeconds.record([DOOR, rpc], (performance.now() - begun) / 1_000);
      if (failure !== undefined) metrics.errors.add([DOOR, toldCodeOf(failure)]);
    };
  };
}
