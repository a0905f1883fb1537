import { GraphQLError } from 'graphql';

import type { Context } from './context.ts';
import { ERROR_TABLE, RegistryError, registryErrorIn } from './errors.ts';

/** Failures that are nobody's mistake: their causes are logged. */
const LOGGED: ReadonlySet<string> = new Set(['INTERNAL', 'DATA_LOSS', 'UNAVAILABLE']);

/** Longest message that leaves, in UTF-16 code units; GraphQL's own messages may quote the caller's values. */
const MAX_MESSAGE = 500;

/**
 * An error fit for the client: a RegistryError's own words and code; `code` for an error of GraphQL itself where one is
 * given; otherwise an internal error of which only the log knows more.
 */
export function toGraphQLError(error: unknown, { log }: Pick<Context, 'log'>, code?: string): GraphQLError {
  const location = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
  const known = registryErrorBehind(error);
  if (known) {
    if (LOGGED.has(known.code)) log.warn({ err: known.cause ?? known, code: known.code }, known.message);
    return new GraphQLError(known.message, {
      ...location,
      originalError: known,
      extensions: { code: ERROR_TABLE[known.code].extension, ...known.place },
    });
  }
  if (error instanceof GraphQLError && code) {
    return new GraphQLError(error.message.slice(0, MAX_MESSAGE), { ...location, extensions: { code } });
  }
  // A GraphQL error without a cause is GraphQL's own: a value that a scalar refused, a null where none may be.
  log.error({ err: error }, 'internal error');
  const internal = new RegistryError('INTERNAL', 'Internal error.', { cause: error });
  return new GraphQLError(internal.message, {
    ...location,
    originalError: internal,
    extensions: { code: ERROR_TABLE.INTERNAL.extension, requestId: log.bindings()['requestId'] },
  });
}

/** The RegistryError that an executor's error was made of, if it was. */
export function registryErrorBehind(error: unknown): RegistryError | undefined {
  return registryErrorIn(error instanceof GraphQLError ? error.originalError : error);
}
