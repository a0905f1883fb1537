import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { RegistryError } from '../../errors.ts';

import type { Database, Row, Transaction } from './database.ts';
import type { SqliteAccess } from './file-access.ts';
import { createGate } from './gate.ts';
import { type BatchTransaction, createGroupCommit } from './group-commit.ts';
import { toRegistryError } from './sqlite-errors.ts';
import { createTurns } from './turns.ts';

/** Prepared statements kept at most; filters make new texts, so the oldest is dropped beyond this. */
const MAX_STATEMENTS = 500;

/** How long a statement waits for another process's lock before CONTENTION, in milliseconds. */
const BUSY_TIMEOUT_MS = 2_000;

/** How to open a SQLite file. */
export interface SqliteOptions extends SqliteAccess {
  /** Runs inside the first write transaction, before its work. */
  readonly beforeFirstWrite?: (transaction: Transaction) => Promise<void>;
}

/**
 * Opens a SQLite file. Not one byte of it changes before the first write, which turns on WAL; with `synchronous=FULL` a
 * commit that was acknowledged survives a power loss.
 */
export function openSqlite(file: string, options: SqliteOptions): Database {
  const connection = attempt(() => connect(file, options));
  const { prepare, counted } = createStatementCache(connection);
  const transaction: Transaction = {
    all: async (sql, ...parameters) => attempt(() => prepare(sql).all(...parameters) as unknown as readonly Row[]),
    run: async (sql, ...parameters) =>
      attempt(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...parameters);
        return { lastId: BigInt(lastInsertRowid), changes: Number(changes) };
      }),
    savepoint: (work) => savepoint(connection, work),
    async turn() {
      if (!turns.isOver()) return;
      gate.seal(); // a read that comes later sees what others have written by then
      await turns.next();
    },
  };
  const gate = createGate({
    open: () => attempt(() => connection.exec('BEGIN')),
    close: () => attempt(() => endRead(connection)),
  });
  const turns = createTurns();
  const write = createGroupCommit(gate, createBatchTransaction(connection, transaction, options));

  return {
    readOnly: options.readOnly,
    get statements() {
      return counted();
    },
    read: (work) => turns.begin(() => gate.shared(() => work(transaction))),
    async write(work) {
      if (options.readOnly) throw new RegistryError('READ_ONLY', 'This store is read-only.');
      return write(() => work(transaction));
    },
    close: () => gate.exclusive(async () => connection.close()),
  };
}

const FULL = 2n;

function connect(file: string, { readOnly, immutable }: SqliteAccess): DatabaseSync {
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
    connection.exec('PRAGMA synchronous=FULL; PRAGMA cache_size=-65536');
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
function endRead(connection: DatabaseSync): void {
  try {
    if (connection.isTransaction) connection.exec('COMMIT');
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK');
  }
}

/** Statements prepared once each, and how many runs they had. */
function createStatementCache(connection: DatabaseSync) {
  const statements = new Map<string, StatementSync>();
  let runs = 0;
  return {
    counted: () => runs,
    prepare(sql: string): StatementSync {
      runs += 1;
      const known = statements.get(sql);
      if (known) return known;
      const [oldest] = statements.keys();
      if (statements.size >= MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest);
      const statement = connection.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
  };
}

function createBatchTransaction(
  connection: DatabaseSync,
  transaction: Transaction,
  { beforeFirstWrite }: SqliteOptions,
): BatchTransaction {
  let prepared = false;
  return {
    async begin() {
      attempt(() => {
        // Here and not at the opening: the pragma itself changes the file. Nobody can undo it while we have it open.
        if (!prepared) turnOnWal(connection);
        connection.exec('BEGIN IMMEDIATE');
      });
      if (!prepared) await beforeFirstWrite?.(transaction);
    },
    savepoint: transaction.savepoint,
    isOpen: () => connection.isTransaction,
    commit() {
      attempt(() => connection.exec('COMMIT'));
      prepared = true; // only now: what is rolled back has to be done again
    },
    rollback() {
      if (connection.isTransaction) connection.exec('ROLLBACK');
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
async function savepoint<T>(connection: DatabaseSync, work: () => Promise<T>): Promise<T> {
  attempt(() => connection.exec('SAVEPOINT work'));
  try {
    const result = await work();
    attempt(() => connection.exec('RELEASE work'));
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

/** Asks something of a file. Throws SQLite's own errors. */
export type Query = (sql: string) => readonly Row[];

/** Queries on a file outside of any store, for the checks before it opens. */
export function querySqlite<T>(file: string, access: SqliteAccess, work: (query: Query) => T): T {
  const connection = connect(file, access);
  try {
    return work((sql) => connection.prepare(sql).all() as unknown as readonly Row[]);
  } finally {
    connection.close();
  }
}
