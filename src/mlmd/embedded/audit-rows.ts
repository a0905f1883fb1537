import type { AuditedRow, AuditLine } from '../../domain/audit-line.ts';
import type { AuditQuestion, AuditRows } from '../store.ts';
import { UNSEEN } from './condition.ts';
import { type Database, type SqlValue, type Transaction, toInt, toText } from './transaction.ts';

/** Lines kept at most, of refusals apart: whoever is refused cannot push out what was written. */
const MAX_WRITES = 100_000n;
const MAX_REFUSALS = 20_000n;

/** After how many lines old ones are removed. */
const PRUNE_EVERY = 1_000n;

/** {@link AuditRows} in a table of our own, which comes with the first line; the C++ engine works on with it. */
export function createAuditRows(database: Database, refuseInside: () => void): AuditRows {
  return {
    async append(lines) {
      refuseInside();
      if (database.readOnly) return;
      await database.write(async (transaction) => {
        for (const line of lines) await insertLine(transaction, line);
      });
    },
    list(question) {
      refuseInside();
      return database.read((transaction) => listLines(transaction, question));
    },
  };
}

/** Writes a line in the transaction of what it tells of. */
export async function insertLine(transaction: Transaction, line: AuditLine): Promise<void> {
  const { time, caller, outcome } = line;
  const values = [BigInt(Date.parse(time)), caller?.name ?? null, outcome, JSON.stringify(line)];
  const { lastId } = await transaction.run(INSERT, ...values).catch(async () => {
    // The first line finds no table. To look for it each time would cost a fifth of a line.
    await transaction.run(TABLE);
    return transaction.run(INSERT, ...values);
  });
  if (lastId % PRUNE_EVERY !== 0n) return;
  await transaction.run(PRUNE_REFUSALS, MAX_REFUSALS);
  await transaction.run(PRUNE_WRITES, MAX_WRITES);
}

async function listLines(transaction: Transaction, question: AuditQuestion): Promise<readonly AuditedRow[]> {
  const [table] = await transaction.all(HAS_TABLE);
  if (!table) return [];
  const tests = testsOf(question);
  const rows = await transaction.all(
    `SELECT id, line FROM modelgraph_audit WHERE ${tests.map(([sql]) => sql).join(' AND ')} ORDER BY id DESC LIMIT ${UNSEEN}`,
    ...tests.map(([, value]) => value),
    BigInt(question.first),
  );
  return rows.map(([id, line]) => ({ id: toInt(id) ?? 0n, line: JSON.parse(toText(line) ?? '') as AuditLine }));
}

function testsOf({ beforeId, caller, outcome, since, until }: AuditQuestion): readonly (readonly [string, SqlValue])[] {
  const tests: readonly (readonly [string, SqlValue | undefined])[] = [
    ['id < ?', beforeId ?? 2n ** 62n],
    ['caller = ?', caller],
    ['outcome = ?', outcome],
    ['time >= ?', since],
    ['time < ?', until],
  ];
  return tests.flatMap(([sql, value]) => (value === undefined ? [] : [[sql, value] as const]));
}

const TABLE = `CREATE TABLE IF NOT EXISTS modelgraph_audit (
  id INTEGER PRIMARY KEY, time INT NOT NULL, caller TEXT, outcome TEXT NOT NULL, line TEXT NOT NULL)`;

const HAS_TABLE = `SELECT 1 FROM pragma_table_info('modelgraph_audit') LIMIT 1`;

const INSERT = 'INSERT INTO modelgraph_audit (time, caller, outcome, line) VALUES (?, ?, ?, ?)';

const PRUNE_REFUSALS = prune("outcome = 'REFUSED'");

const PRUNE_WRITES = prune("outcome <> 'REFUSED'");

/** All lines of a sort but the newest. */
function prune(sort: string): string {
  return `DELETE FROM modelgraph_audit WHERE ${sort} AND id <=
    (SELECT id FROM modelgraph_audit WHERE ${sort} ORDER BY id DESC LIMIT 1 OFFSET ${UNSEEN})`;
}
