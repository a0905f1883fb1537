import packageJson from '../../package.json' with { type: 'json' };
import { EXIT } from '../cli/cli-error.ts';
import { registryErrorIn } from '../errors.ts';
import { createLog, type LogLevel } from '../observe.ts';
import { runOperator } from '../operator/run-operator.ts';
import { type Address, tryAddresses } from './address.ts';
import { signalled } from './signalled.ts';

/** The options of `operator`, as the command line has them. */
export interface OperatorOptions {
  readonly kubeconfig?: string;
  readonly image?: string;
  readonly leaseSeconds: number;
  readonly relistSeconds: number;
  readonly host: string;
  readonly port: number;
  readonly metricsPort?: number;
  readonly logLevel: LogLevel;
}

/** `modelgraph operator`: keeps the ModelRegistries of a cluster, until a signal ends it. */
export async function operator({ kubeconfig, image, logLevel, ...settings }: OperatorOptions): Promise<void> {
  await tryAddresses(addressesOf(settings));
  const log = createLog(logLevel);
  const stopping = new AbortController();
  void signalled().then((signal) => {
    log.info({ signal }, 'stopping');
    stopping.abort();
  });
  const { version } = packageJson;
  const defaultImage = image ?? `modelgraph:${version}`;
  try {
    await runOperator({ ...settings, kubeconfig, version, defaultImage }, log, stopping.signal);
  } catch (error) {
    if (registryErrorIn(error)?.code !== 'UNAVAILABLE') throw error;
    log.fatal({ err: error }, 'ending');
    process.exit(EXIT.FAILED);
  }
  log.info('stopped');
}

function addressesOf({ host, port, metricsPort }: Pick<OperatorOptions, 'host' | 'port' | 'metricsPort'>): Address[] {
  const probes = { host, port, option: '--port' };
  return metricsPort === undefined ? [probes] : [probes, { host, port: metricsPort, option: '--metrics-port' }];
}
