/** A value of a column or a bound parameter. Integers are always bigint, so that int64 survives. */
export type SqlValue = null | bigint | number | string | Uint8Array;

/** One row, its values in the order of the SELECT's columns. */
export type Row = readonly SqlValue[];

/** Statements inside one transaction. SQL is a constant template; everything variable is bound to a `?`. */
export interface Transaction {
  /** All rows of a query. */
  all(sql: string, ...parameters: SqlValue[]): Promise<readonly Row[]>;
  /** Runs a statement; gives the rowid of the last row that it inserted. */
  run(sql: string, ...parameters: SqlValue[]): Promise<{ readonly lastId: bigint; readonly changes: number }>;
  /**
   * Runs `work`; a rejection undoes what it did and leaves the rest of the transaction. They nest, but must not overlap.
   */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Lets timers, sockets and others have their turn where this work had its share; the transaction stays as it is. */
  turn(): Promise<void>;
}

/** How a work is written. */
export interface WriteOptions {
  /** Set where the work does more than its statements: else it may be undone and done again, for another's sake. */
  readonly once?: boolean;
}

/** A relational database with MLMD's tables. What the engine needs of SQLite, and later of PostgreSQL and MySQL. */
export interface Database {
  /** True where {@link write} rejects with READ_ONLY. */
  readonly readOnly: boolean;
  /** How many statements have been executed, not counting the begin and end of transactions. */
  statements(): number;
  /** How many transactions wait for their turn, and how many writes for a commit to begin. */
  waiting(): { readonly transactions: number; readonly writes: number };
  /** Runs `work` on one snapshot; reads may overlap. `work` awaits nothing but its statements. */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Runs `work` alone, then commits durably, maybe together with other writes; a rejection undoes all of it. */
  write<T>(work: (transaction: Transaction) => Promise<T>, options?: WriteOptions): Promise<T>;
  close(): Promise<void>;
}

/** What can be asked of a database before it opens. */
export interface DatabaseContent {
  /** The names of its tables. */
  tables(): ReadonlySet<string>;
  all(sql: string): readonly Row[];
  /** Reads all of it, in about a second and a quarter per gigabyte. Throws where it is not sound. */
  verify(): void;
}

/** Why nobody can look into a database: `foreign` is another kind of file, `unfinished` a write that died half-way. */
export type Fault = 'damaged' | 'foreign' | 'forbidden' | 'locked' | 'unfinished' | 'unreadable';

/** A database that nobody can look into; the driver's own words are in `cause`. */
export class DatabaseFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super(`The database is ${fault}.`, { cause });
    this.fault = fault;
  }
}

/** The ids as one JSON array, to be bound to `json_each(?)`: one statement for lists of every length. */
export function jsonList(values: readonly (bigint | string)[]): string {
  return `[${values.map((value) => (typeof value === 'bigint' ? value.toString() : JSON.stringify(value))).join(',')}]`;
}

/** The integer in a column declared as one, or undefined for NULL. */
export function toInt(value: SqlValue | undefined): bigint | undefined {
  return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(Math.trunc(value)) : undefined;
}

/** The text in a column declared as one, or undefined for NULL. */
export function toText(value: SqlValue | undefined): string | undefined {
  return typeof value === 'string' ? value : value === null || value === undefined ? undefined : String(value);
}
