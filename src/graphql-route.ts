import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { completeErrors } from './complete-errors.ts';
import type { Context } from './context.ts';
import { RegistryError } from './errors.ts';
import { refuseLooseJson } from './strict-json.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** How operations are served over HTTP. */
export interface GraphQLRouteOptions {
  readonly apollo: ApolloServer<Context>;
  readonly createContext: (request: FastifyRequest, reply: FastifyReply) => Context;
  /** The only documents to run; undefined where any may be run. */
  readonly trusted: TrustedDocuments | undefined;
}

/** Serves /graphql: GraphQL over HTTP, of JSON that can be read in one way only. */
export async function serveGraphQL(app: FastifyInstance, options: GraphQLRouteOptions): Promise<void> {
  const { apollo, createContext, trusted } = options;
  await app.register(async (scope) => {
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
      parse(body),
    );
    scope.route({
      url: '/graphql',
      method: ['GET', 'POST'],
      config: { door: 'graphql' },
      preHandler: async (request) => {
        refuseLooseQuery(request.query);
        if (trusted) request.body = trusted.fill(request.method, request.body);
      },
      onSend: async (request, reply, payload) => completeErrors(payload, reply.statusCode, request.id),
      handler: fastifyApolloHandler<Context>(apollo, {
        context: async (request, reply) => createContext(request, reply),
      }),
    });
  });
}

function parse(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    refuseLooseJson(text);
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw new RegistryError('INVALID_ARGUMENT', 'The body is no JSON in UTF-8.', { cause });
  }
}

/** The parameters of a GET: two of them are JSON. */
function refuseLooseQuery(query: unknown): void {
  for (const [name, value] of Object.entries(Object(query))) {
    if (typeof value !== 'string') continue;
    if (value.includes('\0')) throw new RegistryError('INVALID_ARGUMENT', `'${name}' has the character U+0000.`);
    if (name === 'variables' || name === 'extensions') refuseLooseJson(value);
  }
}
