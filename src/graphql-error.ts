import { GraphQLError } from 'graphql';

import type { Context } from './context.ts';
import { ERROR_TABLE, isRetryable, RegistryError, registryErrorIn } from './errors.ts';
import { shortenEchoes } from './limits/shorten-echoes.ts';

/** Failures that are nobody's mistake: their causes are logged. */
const LOGGED: ReadonlySet<string> = new Set(['DATA_LOSS', 'UNAVAILABLE']);

/** Longest message that leaves, in UTF-16 code units; GraphQL's own messages may quote the caller's values. */
const MAX_MESSAGE = 500;

/**
 * An error fit for the client: a RegistryError's own words and code; `code` for an error of GraphQL itself where one is
 * given; otherwise an internal error of which only the log knows more.
 */
export function toGraphQLError(error: unknown, { log }: Pick<Context, 'log'>, code?: string): GraphQLError {
  const known = registryErrorBehind(error);
  if (known && known.code !== 'INTERNAL') {
    if (LOGGED.has(known.code))
      logOnce(known, () => log.warn({ err: known.cause ?? known, code: known.code }, known.message));
    return placed(error, known.message, known, toExtensions(known, log));
  }
  if (error instanceof GraphQLError && code) {
    const extensions = { code, retryable: false, requestId: requestIdOf(log) };
    return placed(error, shortenEchoes(error.message).slice(0, MAX_MESSAGE), undefined, extensions);
  }
  logOnce(known ?? error, () => log.error({ err: error }, 'internal error'));
  const internal = new RegistryError('INTERNAL', 'Internal error.', { cause: error });
  return placed(error, internal.message, internal, toExtensions(internal, log));
}

/** What is told of a failure to programs. `field` is its place in the words of `userErrors`: from the outside in. */
function toExtensions({ code, place }: RegistryError, log: Context['log']): Readonly<Record<string, unknown>> {
  return {
    code: ERROR_TABLE[code].extension,
    ...place,
    ...(place.argument !== undefined && { field: [place.argument] }),
    retryable: isRetryable(code),
    requestId: requestIdOf(log),
  };
}

function requestIdOf(log: Context['log']): unknown {
  return log.bindings()['requestId'];
}

/** A message of GraphQL's without the names that it thinks were meant: they tell of the schema. */
export function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean .*$/s, '');
}

/** Failures that the log has: one failed call can be the error of thousands of fields. */
const logged = new WeakSet<object>();

function logOnce(failure: unknown, write: () => void): void {
  const cause = failure instanceof GraphQLError ? (failure.originalError ?? failure) : failure;
  if (typeof cause === 'object' && cause !== null) {
    if (logged.has(cause)) return;
    logged.add(cause);
  }
  write();
}

/** A new error at the place of another. graphql-jit's know their locations, but not the nodes that GraphQL has them of. */
function placed(
  at: unknown,
  message: string,
  originalError: RegistryError | undefined,
  extensions: Readonly<Record<string, unknown>>,
): GraphQLError {
  const origin = at instanceof GraphQLError ? at : undefined;
  const error = new GraphQLError(message, {
    nodes: origin?.nodes ?? null,
    path: origin?.path ?? null,
    originalError: originalError ?? null,
    extensions,
  });
  return origin?.locations && !error.locations ? Object.assign(error, { locations: origin.locations }) : error;
}

/** The RegistryError that an executor's error was made of, if it was. */
export function registryErrorBehind(error: unknown): RegistryError | undefined {
  return registryErrorIn(error instanceof GraphQLError ? error.originalError : error);
}
