import type { SqlValue, Transaction } from './transaction.ts';

/** Rows of one statement at most: each number of them is a text of its own, which is prepared once. */
const MAX_ROWS = 16;

/** Inserts rows, several with one statement. Takes the values of all of them, one row after the other. */
export type InsertRows = (transaction: Transaction, values: readonly SqlValue[]) => Promise<void>;

/**
 * An {@link InsertRows} for these columns; `conflict` is an ON CONFLICT clause. A row costs two thirds of what it does
 * alone. Where one fails those before it stay: whoever catches that has to undo them, as an RPC that fails does.
 */
export function createInsertRows(table: string, columns: readonly string[], conflict = ''): InsertRows {
  const row = `(${columns.map(() => '?').join(', ')})`;
  // OR FAIL: else SQLite keeps a journal of each statement of several rows, to undo it alone.
  const texts = Array.from(
    { length: MAX_ROWS },
    (_none, more) =>
      `INSERT OR FAIL INTO ${table} (${columns.join(', ')}) VALUES ${row}${`, ${row}`.repeat(more)} ${conflict}`,
  );
  const most = MAX_ROWS * columns.length;
  return async (transaction, values) => {
    for (let begin = 0; begin < values.length; begin += most) {
      const chunk = values.slice(begin, begin + most);
      await transaction.run(texts[chunk.length / columns.length - 1] ?? '', ...chunk);
    }
  };
}
