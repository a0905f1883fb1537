import { status } from '@grpc/grpc-js';

import type { ErrorCode } from '../../errors.ts';

/** What a failure of the server is told as: the first row that fits it counts. */
export interface StatusRow {
  readonly on: status;
  /** Absent: any text. */
  readonly text?: RegExp;
  /** Absent: any request. Else one that holds a text of this name. */
  readonly field?: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly argument?: string;
}

/** Texts of our own: an engine's hold SQL, rows, addresses and type ids, and a library's its name. */
export const STATUS_TABLE: readonly StatusRow[] = [
  {
    on: status.INVALID_ARGUMENT,
    text: /filter_query/,
    code: 'INVALID_ARGUMENT',
    message: 'filterQuery is wrong.', // status.ts says how
    argument: 'filterQuery',
  },
  {
    on: status.INVALID_ARGUMENT,
    // The engine ends one of its complaints with a space, which HTTP/2 forbids: it arrives as no text at all.
    text: /page token|^$/,
    field: 'nextPageToken',
    code: 'INVALID_ARGUMENT',
    message: 'The page token is not one that a list gave out.',
    argument: 'after',
  },
  {
    on: status.INVALID_ARGUMENT,
    text: /max_result_size/,
    code: 'INVALID_ARGUMENT',
    message: 'A page holds from 1 to 100 records.',
    argument: 'first',
  },
  {
    on: status.INVALID_ARGUMENT,
    text: /Found un(known property|matched property type)/,
    code: 'INVALID_ARGUMENT',
    message: 'A property is not declared by the type, or its value is of another kind than declared.',
  },
  {
    on: status.INVALID_ARGUMENT,
    text: /cannot find the given id|with the given id|id not found|cannot be found/i,
    code: 'INVALID_ARGUMENT',
    message: 'The request names a record that does not exist.',
  },
  {
    on: status.INVALID_ARGUMENT,
    code: 'INVALID_ARGUMENT',
    message: 'The metadata store refuses the request as incomplete or contradictory.',
  },
  { on: status.OUT_OF_RANGE, code: 'OUT_OF_RANGE', message: 'The request is out of range.' },
  { on: status.NOT_FOUND, code: 'NOT_FOUND', message: 'The metadata store holds no such record.' },
  {
    on: status.ALREADY_EXISTS,
    text: /different properties/,
    code: 'ALREADY_EXISTS',
    message: 'A type of this name exists with other properties.',
  },
  {
    on: status.ALREADY_EXISTS,
    code: 'ALREADY_EXISTS',
    message: 'A record of this name or external id exists already.',
  },
  {
    on: status.INTERNAL,
    text: /UNIQUE constraint failed|Duplicate entry|duplicate key/,
    code: 'ALREADY_EXISTS',
    message: 'A record of this name or external id exists already.',
  },
  {
    on: status.FAILED_PRECONDITION,
    text: /abort_if_latest_updated_time_changed/,
    code: 'FAILED_PRECONDITION',
    message: 'The record was changed by somebody else since it was read.',
  },
  {
    on: status.FAILED_PRECONDITION,
    text: /schema_version|database version|upgrade|downgrade|migrat/i,
    code: 'BACKEND_INCOMPATIBLE',
    message: 'The metadata store is of a version that its server does not read.',
  },
  {
    on: status.FAILED_PRECONDITION,
    code: 'FAILED_PRECONDITION',
    message: 'The metadata store is not in a state that allows the request.',
  },
  {
    on: status.ABORTED,
    code: 'ABORTED',
    message: 'The request met with another at the same records and changed nothing; try it again.',
  },
  {
    on: status.RESOURCE_EXHAUSTED,
    text: /message larger than max/,
    code: 'RESOURCE_EXHAUSTED',
    message: 'The request or its answer is too large; ask for fewer records at a time.',
  },
  {
    on: status.RESOURCE_EXHAUSTED,
    code: 'RESOURCE_EXHAUSTED',
    message: 'The metadata store has no room for the request at present.',
  },
  { on: status.CANCELLED, code: 'CANCELLED', message: 'The call was cancelled.' },
  { on: status.DEADLINE_EXCEEDED, code: 'DEADLINE_EXCEEDED', message: 'The metadata store did not answer in time.' },
  { on: status.UNAVAILABLE, code: 'UNAVAILABLE', message: 'The metadata store cannot be reached.' },
  {
    on: status.INTERNAL,
    text: /mysql_real_connect failed|errno: (2006|2013)\b|server has gone away|Lost connection to MySQL/i,
    code: 'UNAVAILABLE',
    message: 'The metadata store cannot reach its database.',
  },
  {
    on: status.UNIMPLEMENTED,
    code: 'UNIMPLEMENTED',
    message: 'The metadata store does not offer this request.',
  },
  { on: status.PERMISSION_DENIED, code: 'PERMISSION_DENIED', message: 'The metadata store denies access.' },
  { on: status.UNAUTHENTICATED, code: 'PERMISSION_DENIED', message: 'The metadata store denies access.' },
  { on: status.DATA_LOSS, code: 'DATA_LOSS', message: 'The metadata store reports damaged data.' },
];
