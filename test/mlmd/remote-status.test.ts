import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';

import type { ErrorCode, ErrorPlace } from '../../src/errors.ts';
import { toRegistryError } from '../../src/mlmd/remote/status.ts';

/** What an engine, a database driver or grpc-js says, and what becomes of it. */
const CASES: readonly [status, string, ErrorCode, ErrorPlace?][] = [
  [status.CANCELLED, 'Cancelled on client', 'CANCELLED'],
  [status.UNKNOWN, 'Exception calling application: secret', 'INTERNAL'],
  [status.INVALID_ARGUMENT, 'Invalid `filter_query`: Unrecognized name: secret [at 1:5]', 'INVALID_ARGUMENT', at(5)],
  [status.INVALID_ARGUMENT, 'Invalid `filter_query`: Unrecognized name: secret [at 2:5]', 'INVALID_ARGUMENT', at()],
  [status.INVALID_ARGUMENT, 'Invalid `filter_query`: no boolean expression: secret', 'INVALID_ARGUMENT', at()],
  [status.INVALID_ARGUMENT, 'Failed to decode next page token string', 'INVALID_ARGUMENT', { argument: 'after' }],
  [status.INVALID_ARGUMENT, '', 'INVALID_ARGUMENT', { argument: 'after' }],
  [status.INVALID_ARGUMENT, 'max_result_size field value is required', 'INVALID_ARGUMENT', { argument: 'first' }],
  [
    status.INVALID_ARGUMENT,
    'Cannot validate properties of type_id: 10 … Found unknown property: p',
    'INVALID_ARGUMENT',
  ],
  [status.INVALID_ARGUMENT, 'Cannot find the given id 999', 'INVALID_ARGUMENT'],
  [status.INVALID_ARGUMENT, 'No type name is specified.', 'INVALID_ARGUMENT'],
  [
    status.DEADLINE_EXCEEDED,
    'Deadline exceeded after 0.3s,LB pick: 0.001s,remote_addr=10.0.0.7:8080',
    'DEADLINE_EXCEEDED',
  ],
  [status.NOT_FOUND, 'No type found for query, type_id: 20', 'NOT_FOUND'],
  [status.ALREADY_EXISTS, 'Given node already exists: type_id: 10 … INSERT INTO `Artifact`', 'ALREADY_EXISTS'],
  [status.ALREADY_EXISTS, 'Type already exists with different properties: stored_type: id: 10', 'ALREADY_EXISTS'],
  [status.PERMISSION_DENIED, 'RBAC: access denied', 'PERMISSION_DENIED'],
  [status.UNAUTHENTICATED, 'no token', 'PERMISSION_DENIED'],
  [status.RESOURCE_EXHAUSTED, 'Received message larger than max (700 vs 500)', 'RESOURCE_EXHAUSTED'],
  [status.RESOURCE_EXHAUSTED, 'quota', 'RESOURCE_EXHAUSTED'],
  [status.FAILED_PRECONDITION, '`abort_if_latest_updated_time_changed` is set, and id = 1', 'FAILED_PRECONDITION'],
  [status.FAILED_PRECONDITION, 'schema version 11', 'FAILED_PRECONDITION'],
  [status.ABORTED, 'Deadlock found (1213)', 'ABORTED'],
  [status.OUT_OF_RANGE, 'secret', 'OUT_OF_RANGE'],
  [status.UNIMPLEMENTED, 'Method not found!', 'UNIMPLEMENTED'],
  [status.INTERNAL, 'Error when executing query: UNIQUE constraint failed: Type.external_id', 'ALREADY_EXISTS'],
  [status.INTERNAL, "mysql_query failed: errno: 1062, error: Duplicate entry 'a'", 'ALREADY_EXISTS'],
  [status.INTERNAL, 'ERROR: duplicate key value violates unique constraint "idx"', 'ALREADY_EXISTS'],
  [status.INTERNAL, 'mysql_real_connect failed: errno: 2005, error: Unknown host db.internal', 'UNAVAILABLE'],
  [status.INTERNAL, 'mysql_query failed: errno: 2006, error: MySQL server has gone away', 'UNAVAILABLE'],
  [status.INTERNAL, 'mysql_query failed: errno: 2013, error: Lost connection', 'UNAVAILABLE'],
  [status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)', 'INTERNAL'],
  [status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED 10.0.0.7:8080', 'UNAVAILABLE'],
  [status.DATA_LOSS, 'two schema versions', 'DATA_LOSS'],
];

/** What no message may hold, all of it in the texts above. */
const LEAK = /secret|10\.0|INSERT|_|`|sql|RST|RBAC|errno/i;

const REQUEST = { options: { filterQuery: 'a = secret', nextPageToken: 'x' } };

describe('a failed call is told in words of our own', () => {
  test.each(CASES)('%i %j is %s', (code, details, expected, place = {}) => {
    const error = serviceError(code, details);
    const told = toRegistryError(error, REQUEST);
    expect({ code: told.code, place: told.place }).toEqual({ code: expected, place });
    expect(told.cause).toBe(error);
    expect(told.message).not.toMatch(LEAK);
  });

  test('each gRPC status has its case', () => {
    const codes = Object.values(status).filter((code) => typeof code === 'number' && code !== status.OK);
    expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(codes));
  });

  test('INVALID_ARGUMENT without a text is about a page token only where there is one', () => {
    expect(toRegistryError(serviceError(status.INVALID_ARGUMENT, ''), {}).place).toEqual({});
  });

  test('a call that ended with nothing is INTERNAL', () => {
    expect(toRegistryError(null, {}).code).toBe('INTERNAL');
  });
});

function at(position?: number): ErrorPlace {
  return { argument: 'filterQuery', ...(position === undefined ? {} : { position }) };
}

function serviceError(code: status, details: string): ServiceError {
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata: new Metadata() });
}
