import { constants } from 'node:os';
import type { Logger } from 'pino';

import { RegistryError } from '../errors.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import { createLog, type LogLevel } from '../observe.ts';
import { type Address, isLoopback, tryAddresses } from './address.ts';

/** The options of every command that listens. */
export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  readonly allowUnauthenticated?: boolean;
  readonly logLevel: LogLevel;
}

/** A server to start over the store. */
export interface Door {
  readonly address: Address;
  /** INVALID_ARGUMENT where it cannot listen at its address. */
  open(store: MetadataStore, log: Logger): Promise<OpenDoor>;
}

/** A server that is listening. */
export interface OpenDoor {
  /** What a person who wants to use it has to know, in one line. */
  readonly welcome: string;
  /** Takes no new requests and finishes those in flight. */
  close(): Promise<void>;
}

/**
 * Serves the store that `open` gives through all doors until SIGTERM or SIGINT, finishes the requests in flight, then
 * closes the store. INVALID_ARGUMENT for an address that cannot be had, before anything is opened or made.
 */
export async function listen(
  open: (log: Logger) => Promise<MetadataStore>,
  options: ListenOptions,
  doors: readonly Door[],
): Promise<void> {
  refusePublic(options);
  await tryAddresses(doors.map(({ address }) => address));
  const signal = signalled();
  const log = createLog(options.logLevel);
  const store = await open(log);
  const opened: OpenDoor[] = [];
  try {
    for (const door of doors) opened.push(await door.open(store, log));
    for (const { welcome } of opened) console.log(welcome);
    log.info({ signal: await signal }, 'stopping');
  } finally {
    await Promise.all(opened.map((door) => door.close())).finally(() => store.close());
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
