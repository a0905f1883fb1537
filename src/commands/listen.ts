import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

import { type AuditLog, openAuditLog } from '../audit/audit-log.ts';
import type { TakeLine } from '../audit/request-audit.ts';
import type { Policy } from '../auth/policy.ts';
import { RegistryError } from '../errors.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { OpenedStore } from '../mlmd/open.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import { createLog, type LogLevel } from '../observe.ts';
import type { TlsFiles } from '../tls-files.ts';
import type { Tracer } from '../traces/tracer.ts';
import { type Address, tryAddresses } from './address.ts';
import { openPolicy } from './auth/open-policy.ts';
import type { AuthOptions } from './auth/options.ts';
import type { Meter } from './meter.ts';
import { signalled } from './signalled.ts';
import { readTlsFiles } from './tls.ts';
import { openTracing } from './tracing.ts';

/** The options of every command that listens. */
export interface ListenOptions extends AuthOptions {
  readonly port: number;
  readonly host: string;
  /** How long to go on serving after the signal, in seconds, so that balancers see that this process is about to end. */
  readonly drainSeconds: number;
  readonly logLevel: LogLevel;
  /** A file, or true without one. */
  readonly auditLog?: string | true;
  /** Where Prometheus reads metrics; nothing is measured where it is absent. */
  readonly metricsPort?: number;
  /** The collector that traces are sent to; none where it is absent. */
  readonly traceOtlp?: string;
}

/** A server to start over the store. */
export interface Door {
  readonly address: Address;
  /** INVALID_ARGUMENT where it cannot listen at its address. */
  open(behind: Behind): Promise<OpenDoor>;
}

/** What is behind the doors. */
export interface Behind {
  readonly store: MetadataStore;
  readonly log: Logger;
  /** What is measured; absent where nothing is. */
  readonly metrics?: GatewayMetrics | undefined;
  /** What follows requests; absent where nothing does. */
  readonly tracer?: Tracer | undefined;
  /** Who may do what. */
  readonly policy: Policy;
  /** Takes lines of audit; absent where none are kept. */
  readonly audit?: TakeLine | undefined;
  /** Absent where the doors speak plain text. */
  readonly tls?: TlsFiles | undefined;
}

/** A server that is listening. */
export interface OpenDoor {
  /** What a person who wants to use it has to know, in one line. */
  readonly welcome: string;
  /** Tells whoever asks that it is not ready, and lets connections go, but still serves. */
  drain(): void;
  /** Takes no new requests and finishes those in flight. */
  close(): Promise<void>;
}

/**
 * Serves the store that `open` gives through all doors until SIGTERM or SIGINT, goes on while it drains, finishes the
 * requests in flight, then closes the store. INVALID_ARGUMENT for options that are of no use, and for an address that
 * cannot be had, before anything is opened or made.
 */
export async function listen(
  open: (log: Logger) => Promise<OpenedStore>,
  options: ListenOptions,
  doors: readonly Door[],
): Promise<void> {
  const log = createLog(options.logLevel);
  const meter = await openMeter(options);
  using opening = await openPolicy({ host: options.host, options, log, onAnswer: meter?.onAnswer });
  const tls = readTlsFiles(options);
  const tracing = await openTracing(options.traceOtlp, log);
  const all = meter ? [...doors, meter.door] : doors;
  await tryAddresses(all.map(({ address }) => address));
  const signal = signalled();
  const { store, ...readings } = await open(log);
  meter?.read(readings);
  const opened: OpenDoor[] = [];
  let audit: AuditLog | undefined;
  try {
    audit = await openAudit(options, store, log);
    const parts = { log, policy: opening.policy, tls, audit: audit?.record, tracer: tracing?.tracer };
    const behind = { ...parts, store: tracing?.followed(store) ?? store };
    const measured = meter?.measured(behind) ?? behind;
    for (const door of all) opened.push(await door.open(measured));
    for (const { welcome } of opened) console.log(welcome);
    log.info({ signal: await signal }, 'stopping');
    for (const door of opened) door.drain();
    await wait(options.drainSeconds * 1_000);
  } finally {
    await Promise.all(opened.map((door) => door.close()))
      .finally(() => audit?.close())
      .finally(() => store.close())
      .finally(() => tracing?.close());
  }
  log.info('stopped');
}

/** Loads what measures only where somebody reads it. */
async function openMeter({ host, metricsPort: port }: ListenOptions): Promise<Meter | undefined> {
  return port === undefined ? undefined : (await import('./meter.ts')).createMeter({ host, port });
}

async function openAudit(
  { auditLog }: ListenOptions,
  store: MetadataStore,
  log: Logger,
): Promise<AuditLog | undefined> {
  if (auditLog === undefined) return undefined;
  const file = auditLog === true ? undefined : auditLog;
  if (file === undefined && !store.audit)
    throw new RegistryError('INVALID_ARGUMENT', 'An MLMD server keeps no audit log; --audit-log needs a file, or -.');
  return await openAuditLog({ file, store, log });
}
