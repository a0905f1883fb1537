import type { ServiceError } from '@grpc/grpc-js';

import { parseFilterQuery } from '../../domain/filter-query.ts';
import { RegistryError } from '../../errors.ts';
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
  const row: Partial<StatusRow> & typeof UNEXPECTED =
    STATUS_TABLE.find((each) => fits(each, error, request)) ?? UNEXPECTED;
  if (row.argument === 'filterQuery') return filterRefusal(error, request);
  return new RegistryError(row.code, row.message, {
    ...(row.argument === undefined ? {} : { argument: row.argument }),
    cause: error,
  });
}

function fits({ on, text, field }: StatusRow, error: ServiceError | null, request: unknown): boolean {
  if (on !== error?.code) return false;
  return (text?.test(error.details) ?? true) && (field === undefined || Boolean(requestText(request, field)));
}

/** What our own parser has to say of the filter, which is clearer; else the place that the server tells. */
function filterRefusal(cause: ServiceError | null, request: unknown): RegistryError {
  try {
    parseFilterQuery(requestText(request, 'filterQuery') ?? '');
  } catch (error) {
    if (error instanceof RegistryError) return new RegistryError(error.code, error.message, { ...error.place, cause });
    throw error;
  }
  const position = filterPosition(cause?.details ?? '', request);
  const where = position === undefined ? '' : ` at character ${position}`;
  return new RegistryError(
    'INVALID_ARGUMENT',
    `filterQuery is wrong${where}: it names something unknown or compares values of unlike types.`,
    { argument: 'filterQuery', ...(position === undefined ? {} : { position }), cause },
  );
}
