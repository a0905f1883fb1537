import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Logger } from 'pino';

import { RegistryError } from '../errors.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import type { LogLevel } from '../observe.ts';
import { type Gateway, startGateway } from '../server.ts';

/** The options of every command that listens. */
export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  readonly allowUnauthenticated?: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly logLevel: LogLevel;
}

/** Serves a store until SIGTERM or SIGINT, finishes the requests in flight, then closes the store. */
export async function listen(
  store: MetadataStore,
  options: ListenOptions,
  log: Logger,
  onReady: (url: string) => void,
): Promise<void> {
  try {
    const gateway = await start(store, options, log);
    onReady(gateway.url);
    const signal = await signalled();
    log.info({ signal }, 'stopping');
    await gateway.close();
  } finally {
    await store.close();
  }
  log.info('stopped');
}

async function start(store: MetadataStore, options: ListenOptions, log: Logger): Promise<Gateway> {
  const { host, port, timeout } = options;
  const loopback = isLoopback(host);
  if (!loopback && !options.allowUnauthenticated) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `Everyone who can reach ${host} could read and write: add --allow-unauthenticated if that is meant.`,
    );
  }
  try {
    return await startGateway({ store, host, port, loopback, timeoutMs: timeout * 1_000, log });
  } catch (cause) {
    throw listenProblem(cause, host, port);
  }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return isIP(host) !== 0 && loopback.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
}

const LISTEN_PROBLEMS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_host, port) => `Port ${port} is in use; choose another with --port, or 0 for a free one.`,
  EACCES: (_host, port) => `Port ${port} may not be used by this user; choose one above 1023 with --port.`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine; choose another with --host.`,
  ENOTFOUND: (host) => `${host} is not a known host; choose another with --host.`,
};

function listenProblem(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const problem = LISTEN_PROBLEMS[code]?.(host, port);
  return problem === undefined ? cause : new RegistryError('INVALID_ARGUMENT', problem, { cause });
}

/** The signal that asks to stop; a second one ends the process at once, as if there were no handler. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
