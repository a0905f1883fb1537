import type { SqlValue, Transaction } from './transaction.ts';

/** Rows of one statement at most: each number of them is a text of its own, which is prepared once. */
const MAX_ROWS = 16;

/** Inserts rows, several with one statement, in their order. */
export type InsertRows = (transaction: Transaction, rows: readonly (readonly SqlValue[])[]) => Promise<void>;

/**
 * An {@link InsertRows} for these columns; `conflict` is an ON CONFLICT clause. A row costs two thirds of what it does
 * alone. Where one fails those before it stay: whoever catches that has to undo them, as an RPC that fails does.
 */
export function createInsertRows(table: string, columns: string, conflict = ''): InsertRows {
  const row = `(${columns
    .split(', ')
    .map(() => '?')
    .join(', ')})`;
  // OR FAIL: else SQLite keeps a journal of each statement of several rows, to undo it alone.
  const texts = Array.from(
    { length: MAX_ROWS },
    (_none, more) => `INSERT OR FAIL INTO ${table} (${columns}) VALUES ${row}${`, ${row}`.repeat(more)} ${conflict}`,
  );
  return async (transaction, rows) => {
    for (let begin = 0; begin < rows.length; begin += MAX_ROWS) {
      const chunk = rows.slice(begin, begin + MAX_ROWS);
      await transaction.run(texts[chunk.length - 1] ?? '', ...chunk.flat());
    }
  };
}
