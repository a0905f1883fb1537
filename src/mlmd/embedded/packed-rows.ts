import type { Row, SqlValue, Transaction } from './transaction.ts';

/**
 * The rows of `SELECT columns from`, which reach JavaScript as one JSON text: a third of the time for thousands of short
 * rows. Integers are numbers here; where one is too large for that, all rows are read once more in the plain way. Not for
 * doubles and blobs.
 */
export async function packedRows(
  transaction: Transaction,
  columns: string,
  from: string,
  ...parameters: SqlValue[]
): Promise<readonly Row[]> {
  // SQLite keeps the order of a subquery for an aggregate function that can show it.
  const [packed] = await transaction.all(
    `SELECT json_group_array(json_array(${columns})) FROM (SELECT ${columns} ${from})`,
    ...parameters,
  );
  const rows: readonly Row[] = JSON.parse(String(packed?.[0]));
  return rows.some(isInexact) ? transaction.all(`SELECT ${columns} ${from}`, ...parameters) : rows;
}

function isInexact(row: Row): boolean {
  for (const value of row) if (typeof value === 'number' && !Number.isSafeInteger(value)) return true;
  return false;
}
