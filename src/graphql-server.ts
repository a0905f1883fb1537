import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';

import type { Context } from './context.ts';
import { ERROR_TABLE } from './errors.ts';
import type { Execute } from './execute.ts';
import { registryErrorBehind } from './graphql-error.ts';

/** Tokens in one document at most; more are a 400 before they cost anything. */
const MAX_TOKENS = 1_000;

/** Apollo Server with our executor: it parses, validates and speaks GraphQL over HTTP. */
export function createGraphQLServer(schema: GraphQLSchema, execute: Execute, log: Logger): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    plugins: [
      // Its willResolveField wraps every resolver: the largest single cost of a nested query.
      ApolloServerPluginCacheControlDisabled(),
      // A page from a CDN, and reports to a service wherever the environment has a key for it: the gateway calls nobody.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      executeBy(execute),
    ],
    csrfPrevention: true,
    introspection: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: (formatted, error) => maskUnknown(formatted, error, log),
    logger: log,
  });
}

/**
 * Hands operations to our executor. Not as Apollo's `gateway`: for one of those Apollo makes an object with accessors
 * per request, by which V8 holds on to the whole answer until its next full collection. That costs a nested query a
 * quarter of its CPU time and much memory (docs/performance.md).
 */
function executeBy(execute: Execute): ApolloServerPlugin<Context> {
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
        return {
          http: { headers: new HeaderMap(), ...('data' in result ? {} : { status: statusOf(errors) }) },
          body: { kind: 'single', singleResult: { ...result, ...(errors && { errors: errors.map(toFormatted) }) } },
        };
      },
    }),
  };
}

/** Without data the operation was not begun: it is refused, or its variables are wrong. */
function statusOf([first]: readonly GraphQLError[] = []): number {
  const known = registryErrorBehind(first);
  return known ? ERROR_TABLE[known.code].http : 400;
}

function toFormatted(error: GraphQLError): GraphQLFormattedError {
  return error.toJSON();
}

const MASKED = ApolloServerErrorCode.INTERNAL_SERVER_ERROR;

/** Apollo's own errors for bad requests pass; any other failure tells no more than that it failed. */
function maskUnknown(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== MASKED || registryErrorBehind(error)) return formatted;
  log.error({ err: error }, 'internal error outside of any resolver');
  return { message: 'Internal error.', extensions: { code: MASKED } };
}
