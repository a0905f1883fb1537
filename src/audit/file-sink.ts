import { write } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

import type { AuditLine } from '../domain/audit-line.ts';
import type { WriteBatch } from './queue.ts';

/** The name of standard output. */
const STDOUT = '-';

/** How long to wait for a pipe that takes no more. */
const FULL_PIPE_MS = 50;

/** What appends lines of JSON to a file, or to stdout for `-`. */
export interface FileSink {
  readonly write: WriteBatch<AuditLine>;
  close(): Promise<void>;
}

/**
 * Appends to the file that has the name: where it was moved or removed, a new one is made. A batch that fails midway comes
 * again as a whole, on a line of its own. Rejects at once where the file cannot be opened.
 */
export async function openFileSink(file: string): Promise<FileSink> {
  let handle = file === STDOUT ? undefined : await open(file, 'a', PRIVATE);
  let torn = false;

  async function current(): Promise<number> {
    if (!handle) return process.stdout.fd;
    if (!(await isAt(handle, file))) {
      const next = await open(file, 'a', PRIVATE);
      await handle.close();
      handle = next;
      torn = false;
    }
    return handle.fd;
  }

  return {
    async write(batch, lost) {
      const notice = lost > 0 ? [{ time: new Date().toISOString(), lost }] : [];
      const text = [...notice, ...batch].map((line) => `${JSON.stringify(line)}\n`).join('');
      const to = await current();
      const bytes = Buffer.from(torn ? `\n${text}` : text);
      torn = true;
      await writeAll(to, bytes);
      torn = false;
    },
    async close() {
      await handle?.close();
    },
  };
}

/** Who asks for what is nobody's affair but its reader's. */
const PRIVATE = 0o600;

async function isAt(handle: FileHandle, file: string): Promise<boolean> {
  const [ours, named] = await Promise.all([handle.stat(), stat(file).catch(() => undefined)]);
  return named !== undefined && ours.ino === named.ino && ours.dev === named.dev;
}

/** Not by a stream: those of Node write to a pipe and wait, and all requests with them. */
async function writeAll(to: number, bytes: Buffer): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    try {
      rest = rest.subarray(await writeOnce(to, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await setTimeout(FULL_PIPE_MS, undefined, { ref: false });
    }
  }
}

function writeOnce(to: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(to, bytes, (error, written) => (error ? reject(error) : resolve(written)));
  });
}
