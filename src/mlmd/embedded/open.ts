import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { RegistryError } from '../../errors.ts';

import { initialize, SCHEMA_VERSION } from './create.ts';
import type { Database } from './database.ts';
import { openSqlite, querySqlite } from './sqlite.ts';

/** A store file that was opened, and what a person should be told of it. */
export interface OpenedFile {
  readonly database: Database;
  readonly created: boolean;
}

/**
 * Opens a SQLite file with MLMD's tables, or makes an empty one where there is none. A file that is not MLMD's, is
 * damaged or has another schema version is refused with FAILED_PRECONDITION or DATA_LOSS and stays as it was.
 */
export async function openFile(file: string): Promise<OpenedFile> {
  if (!existsSync(file)) {
    await createFile(file);
    return { database: openSqlite(file, { readOnly: false }), created: true };
  }
  check(file);
  return { database: openSqlite(file, { readOnly: isReadOnly(file) }), created: false };
}

/** Made beside its place and then moved there, so that a crash never leaves half a store under the name. */
async function createFile(file: string): Promise<void> {
  const folder = dirname(file);
  if (!existsSync(folder)) throw refusal(`the folder ${folder} does not exist; make it first`);
  const draft = `${file}.${process.pid}.new`;
  try {
    rmSync(draft, { force: true });
    const database = openSqlite(draft, { readOnly: false });
    await database.write(initialize);
    await database.close();
    renameSync(draft, file);
  } catch (cause) {
    throw refusal(`the file ${file} cannot be created`, cause);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  }
}

function check(file: string): void {
  if (statSync(file).isDirectory()) throw refusal(`${file} is a folder; name a file in it`);
  if (statSync(file).size === 0) throw refusal(`${file} is empty; remove it, and a new store is made`);
  if (header(file) !== 'SQLite format 3\0') throw refusal(`${file} is not a SQLite file`);
  const version = attempt(file, () => schemaVersion(file));
  if (version === undefined) throw refusal(`${file} is a SQLite file, but not one of ML Metadata`);
  if (version !== SCHEMA_VERSION) {
    throw refusal(`${file} has version ${version} of MLMD's schema; this program needs version ${SCHEMA_VERSION}`);
  }
  const faults = attempt(file, () => querySqlite(file, 'PRAGMA quick_check(1)'));
  if (faults[0]?.[0] !== 'ok') throw damaged(file);
}

function header(file: string): string {
  const bytes = Buffer.alloc(16);
  const descriptor = openForReading(file);
  try {
    readSync(descriptor, bytes, 0, 16, 0);
  } finally {
    closeSync(descriptor);
  }
  return bytes.toString('latin1');
}

function openForReading(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    throw refusal(`${file} cannot be read`, cause);
  }
}

/** The version in MLMDEnv; undefined where a table of MLMD's is missing. */
function schemaVersion(file: string): bigint | undefined {
  const tables = new Set(
    querySqlite(file, "SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => name),
  );
  if (!MLMD_TABLES.every((table) => tables.has(table))) return undefined;
  const [row] = querySqlite(file, 'SELECT max(schema_version) FROM MLMDEnv');
  return typeof row?.[0] === 'bigint' ? row[0] : undefined;
}

const MLMD_TABLES = [
  ...readFileSync(new URL('schema.sql', import.meta.url), 'utf8').matchAll(/CREATE TABLE `(\w+)`/g),
].map(([, table]) => table ?? '');

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/** By the permission bits too, since access(2) lets root write everything. */
function isReadOnly(file: string): boolean {
  if ((statSync(file).mode & 0o222) === 0) return true;
  try {
    accessSync(file, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

function damaged(file: string, cause?: unknown): RegistryError {
  return new RegistryError('DATA_LOSS', `${file} is damaged; restore it from a backup.`, { cause });
}

function refusal(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('FAILED_PRECONDITION', `Cannot open the store: ${problem}.`, { cause });
}
