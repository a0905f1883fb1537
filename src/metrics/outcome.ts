import { ERROR_TABLE, type ErrorCode, registryErrorIn } from '../errors.ts';

/** The row of the error table that a failure is; INTERNAL for what nobody foresaw. */
export function outcomeOf(error: unknown): ErrorCode {
  return registryErrorIn(error)?.code ?? 'INTERNAL';
}

/** The code that a caller is told of this failure. */
export function toldCodeOf(error: unknown): string {
  return ERROR_TABLE[outcomeOf(error)].extension;
}
