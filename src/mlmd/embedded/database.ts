import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { type ErrorCode, RegistryError } from '../../errors.ts';

import { createGate } from './gate.ts';
import { type BatchTransaction, createGroupCommit } from './group-commit.ts';
import { isWritable } from './is-writable.ts';
import { createStatements, type Statements } from './statements.ts';
import {
  type Database,
  type DatabaseContent,
  DatabaseFault,
  type Fault,
  type Row,
  type Transaction,
} from './transaction.ts';
import { createTurns } from './turns.ts';

/** How long a statement waits for another process's lock before ABORTED, in milliseconds. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Pages of 4 kB in the write-ahead log after which a commit moves them into the file, where SQLite has 1,000: a small
 * write changes 26 to 67 pages, much the same each time, so that fewer are moved and synced. 4,096 are in one block of
 * the log's index.
 */
const CHECKPOINT_PAGES = 4_000;

const BUSY = 'The store is busy with another writer; try again.';

/** What begins and ends transactions. */
type Control = Pick<Statements<unknown>, 'control'>;

/** Work on a transaction of the driver's. */
type Work = (transaction: Transaction) => Promise<void>;

/**
 * Opens a SQLite file, or makes an empty one; read-only where it cannot be written. Not one byte of a file changes before
 * the first write, which turns on WAL and begins with `beforeFirstWrite`. With `synchronous=FULL` a commit that was
 * acknowledged survives a power loss.
 */
export function openDatabase(file: string, beforeFirstWrite?: Work): Database {
  const access = accessTo(file);
  const connection = attempt(() => connect(file, access));
  const statements = createStatements((sql) => connection.prepare(sql));
  const { prepare } = statements;
  const transaction: Transaction = {
    all(sql, ...parameters) {
      // Not an async function that calls others: this runs several times in each read.
      try {
        return Promise.resolve(prepare(sql).all(...parameters) as unknown as readonly Row[]);
      } catch (error) {
        return Promise.reject(toRegistryError(error));
      }
    },
    run: async (sql, ...parameters) =>
      attempt(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...parameters);
        return { lastId: BigInt(lastInsertRowid), changes: Number(changes) };
      }),
    savepoint: (work) => savepoint(connection, statements, work),
    async turn() {
      if (!turns.isOver()) return;
      gate.seal(); // a read that comes later sees what others have written by then
      await turns.next();
    },
  };
  const gate = createGate({
    open: () => attempt(() => statements.control('BEGIN')),
    close: () => attempt(() => endRead(connection, statements)),
  });
  const turns = createTurns();
  const commits = createGroupCommit(
    gate,
    createBatchTransaction(connection, statements, transaction, beforeFirstWrite),
  );

  return {
    readOnly: access.readOnly,
    statements: statements.counted,
    waiting: () => ({ transactions: gate.waiting(), writes: commits.waiting() }),
    read: (work) => turns.begin(() => gate.shared(() => work(transaction))),
    async write(work, how) {
      if (access.readOnly) throw new RegistryError('READ_ONLY', 'This store is read-only.');
      return commits.write(() => work(transaction), how);
    },
    close: () => gate.exclusive(async () => connection.close()),
  };
}

const FULL = 2n;

function connect(file: string, { readOnly, immutable }: Access): DatabaseSync {
  // As a URL, so that no name is taken for one or for `:memory:`.
  const url = pathToFileURL(file);
  if (immutable) url.searchParams.set('immutable', '1');
  const connection = new DatabaseSync(url, {
    readOnly,
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: false,
    readBigInts: true,
    returnArrays: true,
  });
  try {
    connection.exec(`PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`);
    const [row] = connection.prepare('PRAGMA synchronous').all() as unknown as readonly Row[];
    if (row?.[0] !== FULL)
      throw new RegistryError('INTERNAL', 'SQLite would not write durably; the store is not opened.');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Some failures of a statement have ended its transaction already; one left open would fail all later ones. */
function endRead(connection: DatabaseSync, { control }: Control): void {
  try {
    if (connection.isTransaction) control('COMMIT');
  } finally {
    if (connection.isTransaction) control('ROLLBACK');
  }
}

function createBatchTransaction(
  connection: DatabaseSync,
  { control }: Control,
  transaction: Transaction,
  beforeFirstWrite: Work | undefined,
): BatchTransaction {
  let prepared = false;
  return {
    async begin() {
      attempt(() => {
        // Here and not at the opening: the pragma itself changes the file. Nobody can undo it while we have it open.
        if (!prepared) turnOnWal(connection);
        control('BEGIN IMMEDIATE');
      });
      if (!prepared) await beforeFirstWrite?.(transaction);
    },
    savepoint: transaction.savepoint,
    isOpen: () => connection.isTransaction,
    commit() {
      attempt(() => control('COMMIT'));
      if (prepared) return;
      prepared = true; // only now: what is rolled back has to be done again
      // What savepoints and statements need to undo their work stays out of temporary files. Only now, too: an index of
      // a large file is sorted in such files.
      attempt(() => connection.exec('PRAGMA temp_store=MEMORY'));
    },
    rollback() {
      if (connection.isTransaction) control('ROLLBACK');
    },
  };
}

function turnOnWal(connection: DatabaseSync): void {
  const [row] = connection.prepare('PRAGMA journal_mode=WAL').all() as unknown as readonly Row[];
  if (row?.[0] === 'wal') return;
  throw new RegistryError(
    'UNAVAILABLE',
    'The store cannot keep a write-ahead log beside its file, so it is not written.',
  );
}

/** Savepoints of one name nest; the innermost counts. */
async function savepoint<T>(connection: DatabaseSync, { control }: Control, work: () => Promise<T>): Promise<T> {
  attempt(() => control('SAVEPOINT work'));
  try {
    const result = await work();
    attempt(() => control('RELEASE work'));
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK TO work; RELEASE work');
    throw error;
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toRegistryError(error);
  }
}

const CORRUPT = 11;

/**
 * SQLite's primary result codes (sqlite.org/rescode.html) that mean something to a caller: what a failed statement is,
 * and what a file is whose content they keep from being seen.
 */
const RESULTS: ReadonlyMap<number, readonly [code: ErrorCode, message: string, fault: Fault]> = new Map([
  [5, ['ABORTED', BUSY, 'locked']],
  [6, ['ABORTED', BUSY, 'locked']],
  [8, ['READ_ONLY', 'This store is read-only.', 'unfinished']],
  [10, ['UNAVAILABLE', 'The store cannot be read or written at the moment.', 'unreadable']],
  [CORRUPT, ['DATA_LOSS', 'The store is damaged.', 'damaged']],
  [13, ['UNAVAILABLE', 'The disk that holds the store is full.', 'unreadable']],
  [14, ['UNAVAILABLE', 'The store cannot be opened.', 'forbidden']],
  [15, ['ABORTED', BUSY, 'locked']],
  [26, ['DATA_LOSS', 'The store is damaged.', 'damaged']],
]);

/** SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY; other constraints are broken by nobody but us. */
const UNIQUE_VIOLATIONS: ReadonlySet<number> = new Set([2067, 1555]);

/** What a failed statement means to the caller; SQLite's own words stay in `cause`. */
function toRegistryError(cause: unknown): unknown {
  const result = resultOf(cause);
  if (result === undefined) return cause;
  if (UNIQUE_VIOLATIONS.has(result))
    return new RegistryError('ALREADY_EXISTS', 'There is already one of this name, external id or place.', { cause });
  // MLMD's tables were there at the opening: somebody has cut the file off or put another in its place.
  const isLost = /^Error: no such table: /.test(String(cause));
  const [code, message] = RESULTS.get(isLost ? CORRUPT : result & 0xff) ?? ['INTERNAL', 'The store failed.'];
  return new RegistryError(code, message, { cause });
}

/** SQLite's extended result code of a failure, its low byte the primary one; undefined where it is not one of SQLite's. */
function resultOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Looks into a file that is there, and leaves no trace. Throws a {@link DatabaseFault} where that cannot be done. */
export function inspectDatabase<T>(file: string, work: (content: DatabaseContent) => T): T {
  const access = accessToInspect(file);
  try {
    using connection = connect(file, access);
    const all = (sql: string) => connection.prepare(sql).all() as unknown as readonly Row[];
    return work({
      all,
      tables: () => new Set(all("SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => String(name))),
      verify() {
        const [fault] = all('PRAGMA quick_check(1)');
        if (fault?.[0] !== 'ok') throw new DatabaseFault('damaged', fault?.[0]);
      },
    });
  } catch (error) {
    const result = resultOf(error);
    throw result === undefined ? error : new DatabaseFault(RESULTS.get(result & 0xff)?.[2] ?? 'damaged', error);
  }
}

/** Removes a file that nobody has open, and what a process that died left beside it. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true });
}

/** How a connection takes hold of a file. */
interface Access {
  readonly readOnly: boolean;
  /** Takes no locks and looks for no WAL: only for a file that nobody can be writing. */
  readonly immutable?: boolean;
}

/** Read-only where the file or its folder, which has to hold the WAL, cannot be written. */
function accessTo(file: string): Access {
  if (!existsSync(file) || isWritable(file)) return { readOnly: false };
  // A file in WAL mode cannot be read without its WAL, and a reader who may not write can neither make nor remove one.
  return { readOnly: true, immutable: isInWalMode(file) && !existsSync(`${file}-wal`) };
}

/**
 * Read-only, but where SQLite would then leave an empty WAL behind, or could not first undo what a process that died had
 * half written.
 */
function accessToInspect(file: string): Access {
  try {
    if (readHeader(file).toString('latin1', 0, 16) !== 'SQLite format 3\0') throw new DatabaseFault('foreign');
    const access = accessTo(file);
    if (access.readOnly) return access;
    const needsWrite = isInWalMode(file) ? !existsSync(`${file}-wal`) : existsSync(`${file}-journal`);
    return { readOnly: !needsWrite };
  } catch (error) {
    throw error instanceof DatabaseFault ? error : new DatabaseFault('forbidden', error);
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
