import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { type GraphQLFormattedError, type GraphQLSchema, printSchema } from 'graphql';
import type { Logger } from 'pino';

import type { Context } from './context.ts';
import type { Execute } from './execute.ts';
import { registryErrorBehind } from './graphql-error.ts';

/** Tokens in one document at most; more are a 400 before they cost anything. */
const MAX_TOKENS = 1_000;

/** Apollo Server with our executor: it parses, validates and speaks GraphQL over HTTP. */
export function createGraphQLServer(schema: GraphQLSchema, execute: Execute, log: Logger): ApolloServer<Context> {
  return new ApolloServer<Context>({
    gateway: toGateway(schema, execute),
    // Its willResolveField wraps every resolver: the largest single cost of a nested query.
    plugins: [ApolloServerPluginCacheControlDisabled()],
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

/** Apollo's way to bring an executor of one's own. */
function toGateway(schema: GraphQLSchema, execute: Execute): ApolloServerOptionsWithGateway<Context>['gateway'] {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: printSchema(schema) });
      return () => {};
    },
    load: async () => ({
      executor: ({ document, queryHash, request, context }) =>
        execute({
          key: queryHash,
          document,
          operationName: request.operationName || undefined,
          variables: request.variables ?? {},
          // The server is made for this type of context; Apollo's gateway interface has none.
          context: context as Context,
        }),
    }),
    stop: async () => {},
  };
}

const MASKED = ApolloServerErrorCode.INTERNAL_SERVER_ERROR;

/** Our executor's errors and Apollo's own for bad requests pass; any other failure tells no more than that it failed. */
function maskUnknown(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] !== MASKED || registryErrorBehind(error)) return formatted;
  log.error({ err: error }, 'internal error outside of any resolver');
  return { message: 'Internal error.', extensions: { code: MASKED } };
}
