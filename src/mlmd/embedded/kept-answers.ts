import type { KeptAnswers } from '../store.ts';
import { insertLine } from './audit-rows.ts';
import { type Transaction, toText } from './transaction.ts';

/** How long an answer is kept, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** {@link KeptAnswers} in a table of our own, which comes with the first of them; the C++ engine works on with it. */
export function createKeptAnswers(transaction: Transaction, now: () => number): KeptAnswers {
  return {
    async find(key) {
      for (const statement of TABLE) await transaction.run(statement);
      const [row] = await transaction.all(FIND, key, BigInt(now() - KEPT_MS));
      return row && { request: toText(row[0]) ?? '', answer: toText(row[1]) ?? '' };
    },
    async keep(key, { request, answer }) {
      for (const statement of TABLE) await transaction.run(statement);
      await transaction.run(DELETE_OLD, BigInt(now() - KEPT_MS));
      await transaction.run(INSERT, key, request, answer, BigInt(now()));
    },
    note: (line) => insertLine(transaction, line),
  };
}

const TABLE = [
  `CREATE TABLE IF NOT EXISTS modelgraph_idempotency (
    key TEXT PRIMARY KEY NOT NULL, request TEXT NOT NULL, answer TEXT NOT NULL, create_time_since_epoch INT NOT NULL)`,
  `CREATE INDEX IF NOT EXISTS modelgraph_idempotency_time ON modelgraph_idempotency (create_time_since_epoch)`,
];

const FIND = 'SELECT request, answer FROM modelgraph_idempotency WHERE key = ? AND create_time_since_epoch > ?';

const DELETE_OLD = 'DELETE FROM modelgraph_idempotency WHERE create_time_since_epoch <= ?';

const INSERT = 'INSERT INTO modelgraph_idempotency (key, request, answer, create_time_since_epoch) VALUES (?, ?, ?, ?)';
