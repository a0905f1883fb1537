import type { GatewayMetrics } from './gateway-metrics.ts';
import { outcomeOf, toldCodeOf } from './outcome.ts';

const DOOR = { door: 'grpc' } as const;

/** Counts and times the calls at the gRPC door, as `onCall` of the server hears of them. */
export function createRpcMeasure(metrics: GatewayMetrics): (rpc: string) => (failure?: unknown) => void {
  return (rpc) => {
    const begun = performance.now();
    metrics.inFlight.inc(DOOR);
    return (failure) => {
      const labels = { ...DOOR, operation: rpc };
      metrics.inFlight.dec(DOOR);
      metrics.requests.inc({ ...labels, code: failure === undefined ? 'OK' : outcomeOf(failure) });
      metrics.requestSeconds.observe(labels, (performance.now() - begun) / 1_000);
      if (failure !== undefined) metrics.errors.inc({ ...DOOR, code: toldCodeOf(failure) });
    };
  };
}
