import { Registry } from 'prom-client';

import { createOperatorMetrics, type OperatorMetrics } from './operator-metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { type MetricsServer, serveMetrics } from './serve-metrics.ts';

/** An operator's metrics, and where they are read. */
export interface OperatorMeter extends MetricsServer {
  readonly metrics: OperatorMetrics;
}

/** What is told of an operator, and where. */
export interface OperatorMeterOptions {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  /** How many ModelRegistries wait to be looked at. */
  waiting(): number;
}

/** Serves metrics of an operator, all at zero. Rejects with Node's own error where it cannot listen. */
export async function serveOperatorMetrics(options: OperatorMeterOptions): Promise<OperatorMeter> {
  const registry = new Registry();
  const metrics = createOperatorMetrics(registry, options.waiting);
  addProcessMetrics(registry, options.version);
  return { metrics, ...(await serveMetrics(options.host, options.port, registry)) };
}
