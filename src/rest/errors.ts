import { STATUS_CODES } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';

import { ERROR_TABLE, type ErrorCode, isRetryable, RegistryError, registryErrorIn } from '../errors.ts';

/** An error as REST tells it. */
export interface RestError {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: string };
  /** What else there is to tell where more than the two may be said. */
  readonly details: RestErrorDetails;
}

/** What programs want to know of an error. */
interface RestErrorDetails {
  readonly requestId: string;
  readonly retryable: boolean;
  /** The parameter or member at fault, with points between names. */
  readonly field?: string;
}

/** Any failure as REST tells it; what is nobody's mistake says no more than the id by which the log tells of it. */
export function toRestError(error: unknown, requestId: string): RestError {
  const known = registryErrorIn(error);
  const { argument: field } = known?.place ?? {};
  const retryable = known !== undefined && isRetryable(known.code);
  return { ...plainError(error, requestId), details: { requestId, retryable, ...(field !== undefined && { field }) } };
}

function plainError(error: unknown, requestId: string): Omit<RestError, 'details'> {
  const known = registryErrorIn(error);
  if (known && known.code !== 'INTERNAL') return restError(ERROR_TABLE[known.code].http, known.message);
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status >= 400 && status < 500) return restError(status, error.message);
  return restError(500, `Internal error; the log tells more of request ${requestId}.`);
}

function restError(status: number, message: string): Omit<RestError, 'details'> {
  // As the clients know it: 422 calls itself a bad request, and 499 has no name of its own.
  const code = STATUS_CODES[status === 422 ? 400 : status] ?? 'Error';
  return { status, body: { code, message } };
}

/** Throws what went wrong in GraphQL, if something did. */
export function refuseErrors({ errors }: ExecutionResult): void {
  const [first] = errors ?? [];
  if (first) throw toFailure(first);
}

/** The executor's errors are fit for the client: those without a RegistryError are mistakes in the variables. */
function toFailure(error: GraphQLError): Error {
  const known = registryErrorIn(error.originalError);
  // What GraphQL thinks was meant are names of GraphQL's.
  const message = error.message.replace(/ ?Did you mean .*$/s, '');
  return known ?? new RegistryError('INVALID_ARGUMENT', message, { cause: error });
}

/** A user error of a payload. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field?: readonly string[] | null;
}

/** What a user error is to REST. */
const USER_ERRORS: Readonly<Record<string, ErrorCode>> = {
  NAME_TAKEN: 'ALREADY_EXISTS',
  EXTERNAL_ID_TAKEN: 'ALREADY_EXISTS',
  NOT_FOUND: 'NOT_FOUND',
  INVALID_VALUE: 'INVALID_ARGUMENT',
  CONFLICT: 'FAILED_PRECONDITION',
  KEY_REUSED: 'INVALID_ARGUMENT',
  IDEMPOTENCY_UNSUPPORTED: 'INVALID_ARGUMENT',
};

/** The failure that a user error is, of a change that was asked for with these variables. */
export function userFailure(
  { code, message, field }: UserError,
  variables: Readonly<Record<string, unknown>>,
): RegistryError {
  const argument = propertyAt(field ?? [], variables) ?? field?.at(-1);
  return new RegistryError(USER_ERRORS[code] ?? 'INTERNAL', message, argument === undefined ? {} : { argument });
}

/** The fields with custom properties, of new rows and of changes. */
const PROPERTIES = ['customProperties', 'replaceCustomProperties'];

/** The custom property that a place lies in: a list in GraphQL, a map by name in REST. */
function propertyAt(field: readonly string[], variables: Readonly<Record<string, unknown>>): string | undefined {
  const at = field.findIndex((name) => PROPERTIES.includes(name));
  const list = Object.values(variables)
    .map((input): unknown => Object(input)[field[at] ?? ''])
    .find(Array.isArray);
  const name: unknown = Object(list?.[Number(field[at + 1])]).name;
  return typeof name === 'string' ? `customProperties.${name.slice(0, 100)}` : undefined;
}
