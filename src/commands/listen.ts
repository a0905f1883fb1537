import { constants } from 'node:os';
import type { Logger } from 'pino';

import { RegistryError } from '../errors.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import { createLog, type LogLevel } from '../observe.ts';
import { type Gateway, startGateway } from '../server.ts';
import { isLoopback, listenProblem, tryAddress } from './address.ts';

/** The options of every command that listens. */
export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  readonly allowUnauthenticated?: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly logLevel: LogLevel;
}

/**
 * Serves the store that `open` gives until SIGTERM or SIGINT, finishes the requests in flight, then closes the store.
 * INVALID_ARGUMENT for an address that cannot be had, before anything is opened or made.
 */
export async function listen(
  open: (log: Logger) => Promise<MetadataStore>,
  options: ListenOptions,
  onReady: (url: string) => void,
): Promise<void> {
  refusePublic(options);
  await tryAddress(options);
  const signal = signalled();
  const log = createLog(options.logLevel);
  const store = await open(log);
  try {
    const gateway = await start(store, options, log);
    onReady(gateway.url);
    log.info({ signal: await signal }, 'stopping');
    await gateway.close();
  } finally {
    await store.close();
  }
  log.info('stopped');
}

function refusePublic({ host, allowUnauthenticated }: ListenOptions): void {
  if (allowUnauthenticated || isLoopback(host)) return;
  throw new RegistryError(
    'INVALID_ARGUMENT',
    `Everyone who can reach ${host} could read and write: add --allow-unauthenticated if that is meant.`,
  );
}

async function start(store: MetadataStore, options: ListenOptions, log: Logger): Promise<Gateway> {
  const { host, port, timeout } = options;
  try {
    return await startGateway({ store, host, port, loopback: isLoopback(host), timeoutMs: timeout * 1_000, log });
  } catch (cause) {
    throw listenProblem(cause, options);
  }
}

/** A Ctrl-C may come twice at once: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 500;

/** The signal that asks to stop, now or later; a further one ends the process at once. */
function signalled(): Promise<NodeJS.Signals> {
  const first = Promise.withResolvers<NodeJS.Signals>();
  let since: number | undefined;
  const take = (signal: NodeJS.Signals) => {
    since ??= performance.now();
    if (performance.now() - since > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
    first.resolve(signal);
  };
  process.on('SIGTERM', take);
  process.on('SIGINT', take);
  return first.promise;
}
