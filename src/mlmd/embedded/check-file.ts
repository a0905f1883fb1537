import { readFileSync, statSync } from 'node:fs';

import { RegistryError } from '../../errors.ts';

import { SCHEMA_VERSION } from './create.ts';
import { type Query, querySqlite } from './database.ts';
import { accessTo, accessToCheck, isSqlite, type SqliteAccess } from './file-access.ts';
import { resultCode } from './sqlite-errors.ts';

/**
 * The way to open a store file. Throws FAILED_PRECONDITION, DATA_LOSS or ABORTED for one that is no sound MLMD store of
 * our schema version, or is locked; it stays as it was, and nothing is left beside it.
 */
export function checkFile(file: string): SqliteAccess {
  const { access, forCheck } = readable(file, () => {
    refuseOtherThings(file);
    const access = accessTo(file);
    return { access, forCheck: accessToCheck(file, access) };
  });
  try {
    querySqlite(file, forCheck, (query) => checkContent(file, query));
  } catch (error) {
    throw whatIsWrong(file, error);
  }
  return access;
}

/** A refusal to open a store, with what a person can do about it. */
export function refusal(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('FAILED_PRECONDITION', `Cannot open the store: ${problem}.`, { cause });
}

function readable<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof RegistryError ? cause : refusal(`${file} cannot be read; see to its permissions`, cause);
  }
}

function refuseOtherThings(file: string): void {
  const stat = statSync(file);
  if (stat.isDirectory()) throw refusal(`${file} is a folder; name a file in it`);
  if (!stat.isFile()) throw refusal(`${file} is not a regular file`);
  if (stat.size === 0) throw refusal(`${file} is empty; remove it, and a new store is made`);
  if (!isSqlite(file)) throw refusal(`${file} is not a SQLite file`);
}

function checkContent(file: string, query: Query): void {
  const tables = new Set(query("SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => name));
  if (!MLMD_TABLES.every((table) => tables.has(table))) throw notMlmd(file);
  refuseOtherVersions(file, query);
  // Reads all of the file, in about a second and a quarter per gigabyte.
  const [fault] = query('PRAGMA quick_check(1)');
  if (fault?.[0] !== 'ok') throw damaged(file, fault?.[0]);
}

const MLMD_TABLES = [
  ...readFileSync(new URL('schema.sql', import.meta.url), 'utf8').matchAll(/CREATE TABLE `(\w+)`/g),
].map(([, table]) => table);

function refuseOtherVersions(file: string, query: Query): void {
  const versions = query('SELECT schema_version FROM MLMDEnv ORDER BY schema_version').map(([version]) => version);
  if (versions.length === 0) throw notMlmd(file);
  if (versions.length > 1) {
    throw refusal(
      `${file} claims versions ${versions.join(' and ')} of MLMD's schema at once; restore it from a backup`,
    );
  }
  if (versions[0] === SCHEMA_VERSION) return;
  throw refusal(`${file} has version ${versions[0]} of MLMD's schema; this program needs version ${SCHEMA_VERSION}`);
}

function notMlmd(file: string): RegistryError {
  return refusal(`${file} is a SQLite file, but not one of ML Metadata`);
}

function damaged(file: string, cause: unknown): RegistryError {
  return new RegistryError('DATA_LOSS', `Cannot open the store: ${file} is damaged; restore it from a backup.`, {
    cause,
  });
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that do not speak against the file's content. */
const OPENING_PROBLEMS: ReadonlyMap<number | undefined, (file: string) => string> = new Map([
  [5, (file) => `${file} is locked by another program; try again when that is done`],
  [8, (file) => `${file} was left in the middle of a write; make it and its folder writable, so that it can recover`],
  [10, (file) => `${file} cannot be read; see to the disk that holds it`],
  [14, (file) => `${file} cannot be read; see to the permissions of the file and its folder`],
]);

function whatIsWrong(file: string, error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const problem = OPENING_PROBLEMS.get(code)?.(file);
  return problem === undefined ? damaged(file, error) : refusal(problem, error);
}
