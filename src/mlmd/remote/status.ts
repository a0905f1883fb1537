import type { ServiceError } from '@grpc/grpc-js';

import { type ErrorPlace, RegistryError } from '../../errors.ts';
import { filterPosition } from './filter-position.ts';
import { requestText } from './request-text.ts';
import { STATUS_TABLE, type StatusRow } from './status-table.ts';

const UNEXPECTED: Omit<StatusRow, 'on'> = { code: 'INTERNAL', message: 'The metadata store failed.' };

/**
 * A failed call as a RegistryError whose message tells nothing of the server's inside; that is in `cause`. For a
 * filter query that the server refuses, its place in the `request`. A call that ended with neither error nor answer
 * (null) is INTERNAL.
 */
export function toRegistryError(error: ServiceError | null, request: unknown): RegistryError {
  const row = STATUS_TABLE.find((each) => fits(each, error, request)) ?? UNEXPECTED;
  return new RegistryError(row.code, row.message, { ...placeOf(row, error, request), cause: error });
}

function fits({ on, text, field }: StatusRow, error: ServiceError | null, request: unknown): boolean {
  if (on !== error?.code) return false;
  return (text?.test(error.details) ?? true) && (field === undefined || Boolean(requestText(request, field)));
}

function placeOf({ argument }: Partial<StatusRow>, error: ServiceError | null, request: unknown): ErrorPlace {
  if (argument === undefined) return {};
  const position = argument === 'filterQuery' ? filterPosition(error?.details ?? '', request) : undefined;
  return position === undefined ? { argument } : { argument, position };
}
