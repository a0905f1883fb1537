import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { RegistryError } from '../../errors.ts';

import type { Database, Row, SqlValue, Transaction } from './database.ts';
import { createGate } from './gate.ts';
import { toRegistryError } from './sqlite-errors.ts';

/** Prepared statements kept at most; filters make new texts, so the oldest is dropped beyond this. */
const MAX_STATEMENTS = 500;

/** How long a statement waits for another process's lock before CONTENTION, in milliseconds. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Opens an existing SQLite file. Not one byte of it changes before the first write, which turns on WAL; with
 * `synchronous=FULL` a commit that was acknowledged survives a power loss.
 */
export function openSqlite(file: string, options: { readonly readOnly: boolean }): Database {
  const connection = connect(file, options.readOnly);
  const { prepare, counted } = createStatementCache(connection);
  const transaction: Transaction = {
    all: async (sql, ...parameters) => attempt(() => prepare(sql).all(...parameters) as unknown as readonly Row[]),
    run: async (sql, ...parameters) =>
      attempt(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...parameters);
        return { lastId: BigInt(lastInsertRowid), changes: Number(changes) };
      }),
  };
  const gate = createGate({
    open: () => attempt(() => connection.exec('BEGIN')),
    close: () => attempt(() => connection.exec('COMMIT')),
  });

  return {
    readOnly: options.readOnly,
    get statements() {
      return counted();
    },
    read: (work) => gate.shared(() => work(transaction)),
    async write(work) {
      if (options.readOnly) throw new RegistryError('READ_ONLY', 'This store is read-only.');
      return gate.exclusive(() => commit(connection, () => work(transaction)));
    },
    close: () => gate.exclusive(async () => connection.close()),
  };
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  const connection = new DatabaseSync(file, {
    readOnly,
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: false,
    readBigInts: true,
    returnArrays: true,
  });
  connection.exec('PRAGMA synchronous=FULL; PRAGMA cache_size=-65536');
  return connection;
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

async function commit<T>(connection: DatabaseSync, work: () => Promise<T>): Promise<T> {
  attempt(() => {
    // Here and not at the opening: the pragma itself changes the file. It is a no-op from the second time on.
    connection.exec('PRAGMA journal_mode=WAL');
    connection.exec('BEGIN IMMEDIATE');
  });
  try {
    const result = await work();
    attempt(() => connection.exec('COMMIT'));
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
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

/** The rows of one query on a file, outside of any store: for the checks before a store opens. */
export function querySqlite(file: string, sql: string): readonly (readonly SqlValue[])[] {
  const connection = connect(file, true);
  try {
    return connection.prepare(sql).all() as unknown as readonly Row[];
  } finally {
    connection.close();
  }
}
