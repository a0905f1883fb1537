import { existsSync, linkSync, lstatSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { RegistryError } from '../../errors.ts';

import { checkFile, refusal } from './check-file.ts';
import { initialize } from './create.ts';
import { openDatabase, removeDatabase } from './database.ts';
import { addIndexes } from './indexes.ts';
import type { Database } from './transaction.ts';

/** File systems take 255, of which the draft's ending and what SQLite keeps beside a file need some. */
const MAX_NAME_BYTES = 235;

/** A store file that was opened, and what a person should be told of it. */
export interface OpenedFile {
  readonly database: Database;
  readonly created: boolean;
}

/**
 * Opens a SQLite file with MLMD's tables, or makes an empty one where there is none; INVALID_ARGUMENT where its folder
 * is missing. A file that is not MLMD's, is damaged or has another schema version is refused with FAILED_PRECONDITION
 * or DATA_LOSS and stays as it was.
 */
export async function openFile(file: string): Promise<OpenedFile> {
  if (!existsSync(file) && lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw refusal(`${file} is a link to a file that is not there`);
  }
  const created = !existsSync(file) && (await createFile(file));
  checkFile(file);
  return { database: openDatabase(file, addIndexes), created };
}

/**
 * Made beside its place and then given the name, so that a crash never leaves half a store under it. False where
 * another process came first: its file may hold data already.
 */
async function createFile(file: string): Promise<boolean> {
  const folder = dirname(file);
  if (file === '') throw new RegistryError('INVALID_ARGUMENT', 'The store needs a file name; --db takes one.');
  if (!existsSync(folder))
    throw new RegistryError('INVALID_ARGUMENT', `The folder ${folder} does not exist; make it first.`);
  const draft = `${file}.${process.pid}.new`;
  if (Buffer.byteLength(basename(file)) > MAX_NAME_BYTES)
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `The store's file name is too long; ${MAX_NAME_BYTES} bytes are taken.`,
    );
  try {
    removeDatabase(draft);
    const database = openDatabase(draft);
    await database.write(async (transaction) => {
      await initialize(transaction);
      await addIndexes(transaction);
    });
    await database.close();
    return giveName(draft, file);
  } catch (cause) {
    throw refusal(`the file ${file} cannot be created; see to the permissions and the space of its folder`, cause);
  } finally {
    removeDatabase(draft);
  }
}

/** A link, unlike a renaming, never replaces what is there; not every file system has it. */
function giveName(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
  } catch {
    if (existsSync(file)) return false;
    renameSync(draft, file);
  }
  return true;
}
