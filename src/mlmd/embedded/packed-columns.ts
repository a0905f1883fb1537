import { RegistryError } from '../../errors.ts';

import type { SqlValue, Transaction } from './transaction.ts';

/** Some rows by their columns: of each its values, from the first row to the last. */
export type Columns = readonly (readonly SqlValue[])[];

/** A query in its two forms. */
interface Texts {
  readonly plain: string;
  readonly packed: string;
}

/** A select list. */
export interface Selection {
  /** The query of it and these rows: the same texts each time, for statements are found by them. */
  from(rows: string): Texts;
  readonly columns: number;
  /** So many of the columns, the first ones, are integers. */
  readonly integers: number;
}

/** A selection of these expressions. */
export function selection(integers: readonly string[], others: readonly string[] = []): Selection {
  const expressions = [...integers, ...others];
  const named = expressions.map((expression, index) => `${expression} AS c${index}`);
  const packed = expressions.map((_expression, index) => `json_group_array(c${index})`);
  const texts = new Map<string, Texts>();

  function compose(rows: string): Texts {
    const plain = `SELECT ${named.join(', ')} ${rows}`;
    // SQLite keeps the order of a subquery for an aggregate function that can show it.
    return { plain, packed: `SELECT ${packed.join(', ')} FROM (${plain})` };
  }

  return {
    from(rows) {
      const known = texts.get(rows) ?? compose(rows);
      texts.set(rows, known);
      return known;
    },
    columns: expressions.length,
    integers: integers.length,
  };
}

/**
 * The columns of `SELECT … from`, which reach JavaScript as one JSON text each: less than half the time for thousands of
 * short rows. Integers are bigint; doubles are exact. What JSON cannot give so is read in the plain way.
 */
export async function packedColumns(
  transaction: Transaction,
  selected: Selection,
  from: string,
  ...parameters: SqlValue[]
): Promise<Columns> {
  const { integers } = selected;
  try {
    const [row] = await transaction.all(selected.from(from).packed, ...parameters);
    const lists = row?.map((text): SqlValue[] => JSON.parse(String(text))) ?? [];
    if (lists.slice(0, integers).every(makeExact)) return lists;
  } catch (error) {
    // Texts too long for one, or a blob, are no failures for the plain way, which meets all others again.
    if (error instanceof RegistryError && error.code !== 'INTERNAL') throw error;
  }
  return plainColumns(transaction, selected, from, ...parameters);
}

/** The same as rows, turned: for a dozen of them that is quicker. */
export async function plainColumns(
  transaction: Transaction,
  { columns, from: textsOf }: Selection,
  from: string,
  ...parameters: SqlValue[]
): Promise<Columns> {
  const rows = await transaction.all(textsOf(from).plain, ...parameters);
  return Array.from({ length: columns }, (_none, column) => rows.map((row) => row[column] ?? null));
}

/** Makes its numbers bigint. False where one is too large to have come exactly. */
function makeExact(column: SqlValue[]): boolean {
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row];
    if (typeof value !== 'number') continue;
    if (!Number.isSafeInteger(value)) return false;
    column[row] = BigInt(value);
  }
  return true;
}
