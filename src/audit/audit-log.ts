import type { Logger } from 'pino';
import type { AuditLine } from '../domain/audit-line.ts';
import { RegistryError } from '../errors.ts';
import type { MetadataStore } from '../mlmd/store.ts';
import { openFileSink } from './file-sink.ts';
import { createQueue, type Queue, type WriteBatch } from './queue.ts';
import type { TakeLine } from './request-audit.ts';

/** Where lines of audit go. */
export interface AuditLog {
  /** Takes a line, and never waits. */
  readonly record: TakeLine;
  /** Writes what is on its way, for at most two seconds. */
  close(): Promise<void>;
}

/** What an audit log is made of. */
export interface AuditLogOptions {
  /** Absent: no file. `-` is stdout. */
  readonly file?: string | undefined;
  readonly store: MetadataStore;
  readonly log: Logger;
}

/** How long lines are gathered, so that they share commits and looks at the file. */
const GATHER_MS = 100;

/** Opens the log of a gateway: its file, and its store where that keeps lines. INVALID_ARGUMENT for a file that cannot be written. */
export async function openAuditLog({ file, store, log }: AuditLogOptions): Promise<AuditLog> {
  const sink = file === undefined ? undefined : await openNamed(file);
  const toFile = sink && createSink('file', sink.write, log);
  const { audit } = store;
  const toStore = audit && createSink('store', (batch) => audit.append(batch), log);
  return {
    record(line, kept) {
      toFile?.push(line);
      if (!kept) toStore?.push(line);
    },
    async close() {
      await Promise.all([toFile?.close(), toStore?.close()]);
      await sink?.close();
    },
  };
}

async function openNamed(file: string) {
  try {
    return await openFileSink(file);
  } catch (cause) {
    throw new RegistryError('INVALID_ARGUMENT', `The audit log ${file} cannot be written; name another file.`, {
      cause,
    });
  }
}

function createSink(place: string, write: WriteBatch<AuditLine>, log: Logger): Queue<AuditLine> {
  return createQueue({
    write,
    gatherMs: GATHER_MS,
    onFailure: (err) => log.error({ err, place }, 'the audit log cannot be written; its lines wait'),
    onRecovery(lost) {
      if (lost > 0) log.error({ place, lost }, 'lines of the audit log were lost');
      else log.warn({ place }, 'the audit log is written again');
    },
  });
}
