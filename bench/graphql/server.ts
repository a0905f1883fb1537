import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { OPEN_ACCESS } from '../../src/auth/open-policy.ts';
import { createContext } from '../../src/context.ts';
import { createExecutor } from '../../src/execute.ts';
import { serveGraphQL } from '../../src/graphql-route.ts';
import { createGraphQLServer } from '../../src/graphql-server.ts';
import { OWN_LIMITS } from '../../src/limits/limits.ts';
import { connectRemoteStore } from '../../src/mlmd/remote/client.ts';
import { createLog } from '../../src/observe.ts';
import { guardOrigins } from '../../src/origin-guard.ts';
import { throttle } from '../../src/throttle.ts';
import { reportCpu } from '../measured-server.ts';
import { createToyContext, schema, type ToyContext } from './toy.ts';

const log = createLog('silent');

/** The servers by the name that the first argument gives; each gives its GraphQL door. */
const SERVERS: Readonly<Record<string, () => Promise<string>>> = { shipped, disabled, gateway };

/** Apollo as its own guide starts it. */
async function shipped(): Promise<string> {
  const server = new ApolloServer<ToyContext>({ schema });
  const context = async () => createToyContext();
  return (await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 }, context })).url;
}

/** Apollo on Fastify, graphql-js as executor, without the plugin that wraps every resolver. */
async function disabled(): Promise<string> {
  const server = new ApolloServer<ToyContext>({ schema, plugins: [ApolloServerPluginCacheControlDisabled()] });
  await server.start();
  const app = Fastify({ loggerInstance: log }) as unknown as FastifyInstance;
  const handler = fastifyApolloHandler<ToyContext>(server, { context: async () => createToyContext() });
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler });
  return listen(app);
}

/** The gateway's own stack with the toy's schema; all that src/server.ts does for a request is done here too. */
async function gateway(): Promise<string> {
  // The toy's fields have no rights beside them; where everyone may do everything, nobody looks at those either.
  const executor = createExecutor(schema, async () => {});
  const server = createGraphQLServer(schema, executor, { log, introspection: true });
  await server.start();
  const app = Fastify({ loggerInstance: log, genReqId: () => randomUUID() }) as unknown as FastifyInstance;
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  guardOrigins(app, { loopback: true });
  throttle(app, OWN_LIMITS);
  // Never asked, so it never connects: the toy's resolvers read from memory.
  const store = connectRemoteStore({ host: '127.0.0.1', port: 9 });
  await serveGraphQL(app, {
    apollo: server,
    createContext: (request, reply) => {
      const context = createContext({ access: OPEN_ACCESS, store, log: request.log as Logger, timeoutMs: 10_000 });
      reply.raw.once('close', () => context.log.trace('closed'));
      return { ...context, ...createToyContext() };
    },
    trusted: undefined,
  });
  return listen(app);
}

async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`;
}

const start = SERVERS[process.argv[2] ?? ''];
if (!start) throw new Error(`expected one of ${Object.keys(SERVERS).join(', ')}`);
reportCpu(await start());
