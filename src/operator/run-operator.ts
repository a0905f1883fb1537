import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';

import { RegistryError } from '../errors.ts';
import type { OperatorMeter } from '../metrics/serve-operator-metrics.ts';
import { type Controller, startController } from './controller.ts';
import { serveHealth } from './health.ts';
import { createKubeClient } from './kube/kube-client.ts';
import { logIn } from './kube/log-in.ts';
import { lead } from './lease.ts';

/** What an operator is told. */
export interface OperatorSettings {
  readonly kubeconfig: string | undefined;
  /** The image of a ModelRegistry that names none. */
  readonly defaultImage: string;
  /** How long a leader that is silent keeps others from leading. */
  readonly leaseSeconds: number;
  /** How long a watch is trusted before all is listed anew. */
  readonly relistSeconds: number;
  readonly host: string;
  readonly port: number;
  /** Where Prometheus reads metrics; nowhere where it is absent. */
  readonly metricsPort?: number | undefined;
  /** Our own, for the metrics. */
  readonly version: string;
}

/**
 * Waits to lead, then keeps the ModelRegistries until the signal. Throws UNAVAILABLE when it may lead no longer: the
 * process has to end at once, for somebody else may have begun.
 */
export async function runOperator(settings: OperatorSettings, log: Logger, signal: AbortSignal): Promise<void> {
  const { defaultImage, leaseSeconds, relistSeconds } = settings;
  const client = createKubeClient(logIn(settings.kubeconfig));
  let controller: Controller | undefined;
  let waiting = false;
  const health = await serveHealth(settings.host, settings.port, () => waiting || controller?.isReady() === true);
  log.info({ port: health.port }, 'answering probes');
  let meter: OperatorMeter | undefined;
  try {
    meter = await openMeter(settings, () => controller?.waiting() ?? 0);
    if (meter) log.info({ url: meter.url }, 'serving metrics');
    const identity = `${hostname()}_${randomBytes(4).toString('hex')}`;
    const onFailure = (error: unknown) => log.warn({ err: error }, 'could not read or write the lease; trying again');
    waiting = true;
    const term = await lead(client, { identity, leaseSeconds, onFailure }, signal);
    if (term === undefined) return;
    waiting = false;
    log.info({ identity }, 'leading');
    meter?.metrics.leading.set(1);
    controller = startController({ client, log, defaultImage, relistSeconds, metrics: meter?.metrics });
    const stopped = Promise.withResolvers<'stopped'>();
    signal.addEventListener('abort', () => stopped.resolve('stopped'));
    if (signal.aborted) stopped.resolve('stopped');
    if ((await Promise.race([stopped.promise, term.lost])) !== 'stopped') {
      throw new RegistryError(
        'UNAVAILABLE',
        'The lease was lost: somebody else may lead now, or the API server is away.',
      );
    }
    await controller.stop();
    await term.release().catch(onFailure);
  } finally {
    meter?.close();
    health.close();
  }
}

/** Loads what measures only where somebody reads it. */
async function openMeter(settings: OperatorSettings, waiting: () => number): Promise<OperatorMeter | undefined> {
  const { host, metricsPort: port, version } = settings;
  if (port === undefined) return undefined;
  const { serveOperatorMetrics } = await import('../metrics/serve-operator-metrics.ts');
  return serveOperatorMetrics({ host, port, version, waiting });
}
