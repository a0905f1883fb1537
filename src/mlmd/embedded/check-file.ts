import { readFileSync, statSync } from 'node:fs';

import { RegistryError } from '../../errors.ts';

import { SCHEMA_VERSION } from './create.ts';
import { inspectDatabase } from './database.ts';
import { type DatabaseContent, DatabaseFault, type Fault } from './transaction.ts';

/**
 * Throws FAILED_PRECONDITION or DATA_LOSS for a file that is no sound MLMD store of our schema version, or is locked; it
 * stays as it was, and nothing is left beside it.
 */
export function checkFile(file: string): void {
  refuseOtherThings(file);
  try {
    inspectDatabase(file, (content) => checkContent(file, content));
  } catch (error) {
    throw error instanceof DatabaseFault ? SENTENCES[error.fault](file, error) : error;
  }
}

/** A refusal to open a store, with what a person can do about it. */
export function refusal(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('FAILED_PRECONDITION', `Cannot open the store: ${problem}.`, { cause });
}

function refuseOtherThings(file: string): void {
  const stat = statOf(file);
  if (stat.isDirectory()) throw refusal(`${file} is a folder; name a file in it`);
  if (!stat.isFile()) throw refusal(`${file} is not a regular file`);
  if (stat.size === 0) throw refusal(`${file} is empty; remove it, and a new store is made`);
}

function statOf(file: string) {
  try {
    return statSync(file);
  } catch (cause) {
    throw refusal(`${file} cannot be read; see to the permissions of the file and its folder`, cause);
  }
}

function checkContent(file: string, content: DatabaseContent): void {
  const tables = content.tables();
  if (!MLMD_TABLES.every((table) => tables.has(table))) throw notMlmd(file);
  refuseOtherVersions(file, content);
  content.verify();
}

const MLMD_TABLES = Array.from(
  readFileSync(new URL('schema.sql', import.meta.url), 'utf8').matchAll(/CREATE TABLE `(\w+)`/g),
  ([, table = '']) => table,
);

function refuseOtherVersions(file: string, content: DatabaseContent): void {
  const versions = content
    .all('SELECT schema_version FROM MLMDEnv ORDER BY schema_version')
    .map(([version]) => version);
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

const SENTENCES: Readonly<Record<Fault, (file: string, cause: unknown) => RegistryError>> = {
  damaged: (file, cause) =>
    new RegistryError('DATA_LOSS', `Cannot open the store: ${file} is damaged; restore it from a backup.`, { cause }),
  foreign: (file, cause) => refusal(`${file} is not a SQLite file`, cause),
  forbidden: (file, cause) =>
    refusal(`${file} cannot be read; see to the permissions of the file and its folder`, cause),
  locked: (file, cause) => refusal(`${file} is locked by another program; try again when that is done`, cause),
  unfinished: (file, cause) =>
    refusal(
      `${file} was left in the middle of a write; make it and its folder writable, so that it can recover`,
      cause,
    ),
  unreadable: (file, cause) => refusal(`${file} cannot be read; see to the disk that holds it`, cause),
};
