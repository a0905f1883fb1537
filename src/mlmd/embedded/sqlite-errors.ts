import { type ErrorCode, RegistryError } from '../../errors.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html) that mean something to a caller. */
const BY_RESULT_CODE: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [5, ['ABORTED', 'The store is busy with another writer; try again.']],
  [6, ['ABORTED', 'The store is busy with another writer; try again.']],
  [8, ['READ_ONLY', 'This store is read-only.']],
  [10, ['UNAVAILABLE', 'The store cannot be read or written at the moment.']],
  [11, ['DATA_LOSS', 'The store is damaged.']],
  [13, ['UNAVAILABLE', 'The disk that holds the store is full.']],
  [14, ['UNAVAILABLE', 'The store cannot be opened.']],
  [15, ['ABORTED', 'The store is busy with another writer; try again.']],
  [26, ['DATA_LOSS', 'The store is damaged.']],
]);

/** SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY; other constraints are broken by nobody but us. */
const UNIQUE_VIOLATIONS: ReadonlySet<unknown> = new Set([2067, 1555]);

/** What a failed statement means to the caller; SQLite's own words stay in `cause`. */
export function toRegistryError(error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  if (error instanceof Error && 'errcode' in error && UNIQUE_VIOLATIONS.has(error.errcode)) {
    return new RegistryError('ALREADY_EXISTS', 'There is already one of this name, external id or place.', {
      cause: error,
    });
  }
  const [name, message] = BY_RESULT_CODE.get(code) ?? ['INTERNAL', 'The store failed.'];
  return new RegistryError(name, message, { cause: error });
}

/** SQLite's primary result code of a failure; undefined where it is not one of SQLite's. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return undefined;
  // The low byte is the primary code, the rest an extension of it.
  return error.errcode & 0xff;
}
