import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** How a connection takes hold of a file. */
export interface SqliteAccess {
  readonly readOnly: boolean;
  /** Takes no locks and looks for no WAL: only for a file that nobody can be writing. */
  readonly immutable?: boolean;
}

/** The way to serve a SQLite file: read-only where it or its folder, which has to hold the WAL, cannot be written. */
export function accessTo(file: string): SqliteAccess {
  if (isWritable(file)) return { readOnly: false };
  // A file in WAL mode cannot be read without its WAL, and a reader who may not write can neither make nor remove one.
  return { readOnly: true, immutable: isInWalMode(file) && !existsSync(`${file}-wal`) };
}

/**
 * The way to look at a file and leave no trace. Read-only, but where SQLite would then leave an empty WAL behind, or
 * could not first undo what a process that died had half written.
 */
export function accessToCheck(file: string, access: SqliteAccess): SqliteAccess {
  if (access.readOnly) return access;
  const needsWrite = isInWalMode(file) ? !existsSync(`${file}-wal`) : existsSync(`${file}-journal`);
  return { readOnly: !needsWrite };
}

/** True where the file begins as SQLite files do. Throws Node's own error where it cannot be read. */
export function isSqlite(file: string): boolean {
  return readHeader(file).toString('latin1', 0, 16) === 'SQLite format 3\0';
}

/** By the permission bits too, since access(2) lets root write everything. */
function isWritable(file: string): boolean {
  if ((statSync(file).mode & 0o222) === 0) return false;
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The header's write version, at offset 18 (sqlite.org/fileformat2.html): 1 with a rollback journal, 2 with a WAL. */
function isInWalMode(file: string): boolean {
  return readHeader(file)[18] === 2;
}

/**
 * Only before a connection opens the file: closing any descriptor of it gives up all locks that this process has on it
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
function readHeader(file: string): Buffer {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header;
}
