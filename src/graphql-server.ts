import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerErrorCode, ApolloServerValidationErrorCode } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';

import type { Context } from './context.ts';
import { ERROR_TABLE, isRetryable } from './errors.ts';
import type { Execute } from './execute.ts';
import { registryErrorBehind, withoutSuggestion } from './graphql-error.ts';
import { DOCUMENT_RULES } from './limits/document-rules.ts';
import { shortenEchoes } from './limits/shorten-echoes.ts';

/** Tokens in one document at most; more are a 400 before they cost anything. */
const MAX_TOKENS = 1_000;

/** Mistakes in a document told at most. */
const MAX_ERRORS = 5;

/** What a GraphQL server tells, and where. */
export interface GraphQLServerOptions {
  readonly log: Logger;
  /** True where anyone may ask for the schema, and is told what a name nearly is. */
  readonly introspection: boolean;
  /** Sees each request and its answer. */
  readonly observer?: ApolloServerPlugin<Context> | undefined;
}

/** Apollo Server with our executor: it parses, validates and speaks GraphQL over HTTP. */
export function createGraphQLServer(
  schema: GraphQLSchema,
  execute: Execute,
  { log, introspection, observer }: GraphQLServerOptions,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    plugins: [
      // Its willResolveField wraps every resolver: the largest single cost of a nested query.
      ApolloServerPluginCacheControlDisabled(),
      // A page from a CDN, and reports to a service wherever the environment has a key for it: the gateway calls nobody.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      executeBy(execute, introspection),
      ...(observer ? [observer] : []),
    ],
    csrfPrevention: true,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationOptions: { maxErrors: MAX_ERRORS },
    validationRules: DOCUMENT_RULES,
    formatError: (formatted, error) => maskUnknown(formatted, error, log),
    logger: log,
  });
}

/**
 * Hands operations to our executor. Not as Apollo's `gateway`: for one of those Apollo makes an object with accessors
 * per request, by which V8 holds on to the whole answer until its next full collection. That costs a nested query a
 * quarter of its CPU time and much memory (docs/performance.md).
 */
function executeBy(execute: Execute, suggestions: boolean): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async responseForOperation({ queryHash, source, document, operation, request, contextValue }) {
        if (!operation) return null; // Apollo says which of the document's operations it lacks.
        const { errors, ...result } = await execute({
          key: queryHash ?? source,
          document,
          operationName: request.operationName || undefined,
          variables: request.variables ?? {},
          context: contextValue,
        });
        const cost = contextValue.purse?.told();
        const strict = isStrict(request.http?.headers.get('accept'));
        return {
          http: headOf(result.data, errors, strict),
          body: {
            kind: 'single',
            singleResult: {
              ...result,
              ...(errors && { errors: errors.map((error) => toFormatted(error, suggestions)) }),
              ...(cost && { extensions: { cost } }),
            },
          },
        };
      },
    }),
  };
}

/** Media type of clients that know a status for an answer of GraphQL, and are told one where there is no data. */
function isStrict(accept = ''): boolean {
  return accept.includes('application/graphql-response+json');
}

/** Without data the operation was not begun: it is refused, or its variables are wrong. What finds too much is refused, too. */
function headOf(data: unknown, [first]: readonly GraphQLError[] = [], strict: boolean) {
  const known = registryErrorBehind(first);
  const headers = new HeaderMap();
  const refused = data === undefined || (strict && data === null) || known?.code === 'QUERY_TOO_COMPLEX';
  if (!refused) return { headers };
  const status = known ? ERROR_TABLE[known.code].http : 400;
  if (known && status === 503 && isRetryable(known.code)) headers.set('retry-after', '1');
  return { status, headers };
}

function toFormatted(error: GraphQLError, suggestions: boolean): GraphQLFormattedError {
  const formatted = error.toJSON();
  if (suggestions || error.originalError) return formatted;
  return { ...formatted, message: withoutSuggestion(formatted.message) };
}

const MASKED = ApolloServerErrorCode.INTERNAL_SERVER_ERROR;
const INTROSPECTION = ApolloServerValidationErrorCode.INTROSPECTION_DISABLED;

/** Apollo's own words name itself, and how it is set. */
const NO_INTROSPECTION = 'This gateway does not tell its schema: __schema and __type cannot be asked for.';

/** Apollo's own errors for bad requests pass; any other failure tells no more than that it failed. */
function maskUnknown(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== MASKED || registryErrorBehind(error)) {
    if (formatted.extensions?.['validationErrorCode'] === INTROSPECTION) {
      const { validationErrorCode: _, ...extensions } = formatted.extensions;
      return { ...formatted, message: NO_INTROSPECTION, extensions };
    }
    return { ...formatted, message: shortenEchoes(formatted.message) };
  }
  log.error({ err: error }, 'internal error outside of any resolver');
  return { message: 'Internal error.', extensions: { code: MASKED } };
}
