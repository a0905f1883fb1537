import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';

import { serveApiDocs } from './api-docs.ts';
import type { TakeLine } from './audit/request-audit.ts';
import { auditRequests } from './audit-requests.ts';
import { mutationRights } from './auth/field-rules.ts';
import type { Policy } from './auth/policy.ts';
import { authenticateRequests } from './authentication.ts';
import { createAuthorize } from './authorize.ts';
import { type Context, createContext } from './context.ts';
import { ERROR_TABLE, isRetryable, RegistryError, registryErrorIn } from './errors.ts';
import { createExecutor, createPreparer } from './execute.ts';
import { serveGraphQL } from './graphql-route.ts';
import { createGraphQLServer } from './graphql-server.ts';
import { guardStore } from './guard/guard-store.ts';
import { type Limits, OWN_LIMITS } from './limits/limits.ts';
import { measureRequests } from './measure-requests.ts';
import type { GatewayMetrics } from './metrics/gateway-metrics.ts';
import type { MetadataStore } from './mlmd/store.ts';
import { guardOrigins } from './origin-guard.ts';
import { servePlayground } from './playground.ts';
import { sendRestError } from './rest/routes.ts';
import { mountRest } from './rest.ts';
import { createSchema } from './schema.ts';
import { throttle } from './throttle.ts';
import type { TlsFiles } from './tls-files.ts';
import { createRequestTraces } from './traces/request-trace.ts';
import type { Tracer } from './traces/tracer.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

/** What a gateway serves, and where. */
export interface GatewayOptions {
  readonly store: MetadataStore;
  readonly host: string;
  /** 0 binds a free port. */
  readonly port: number;
  /** True where only this machine can reach `host`. */
  readonly loopback: boolean;
  /** Who may do what. */
  readonly policy: Policy;
  /** Takes lines of audit; absent where none are kept. */
  readonly audit?: TakeLine | undefined;
  /** Absent: plain HTTP. */
  readonly tls?: TlsFiles | undefined;
  /** Without buckets where nothing is said. */
  readonly limits?: Limits;
  /** True where anyone may ask for the schema, and is told what a name nearly is; on loopback if nothing is said. */
  readonly introspection?: boolean;
  /** Where the only documents to run are; any may be run where there are none. */
  readonly trustedDocuments?: readonly string[];
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Logger;
  /** A folder with documents of routes of the user's own. */
  readonly rest?: string | undefined;
  /** What counts the requests; nothing does where it is absent. */
  readonly metrics?: GatewayMetrics | undefined;
  /** What follows the requests; nothing does where it is absent. */
  readonly tracer?: Tracer | undefined;
}

/** A gateway that is listening. */
export interface Gateway {
  /** Its base address, e.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Serves as before, but /readyz says no, and each answer asks its client to give the connection up. */
  drain(): void;
  /** Takes no new requests, finishes those in flight, then stops. The store stays open. */
  close(): Promise<void>;
}

/** How long /readyz waits for the store, in milliseconds. */
const READY_TIMEOUT_MS = 1_000;

/** How long a connection may be quiet beyond the time of a request, in milliseconds. */
const QUIET_MS = 60_000;

const BODY_LIMIT = 1024 * 1024;

/** Starts the gateway's HTTP server. Rejects with Node's own error (EADDRINUSE, …) where it cannot listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { store, log, timeoutMs, loopback, policy } = options;
  const { limits = OWN_LIMITS, introspection = loopback, trustedDocuments = [] } = options;
  const app = createApp(log, timeoutMs, options.tls);
  const schema = createSchema();
  const trusted = trustedDocuments.length > 0 ? await readTrustedDocuments(schema, trustedDocuments) : undefined;
  if (trusted) log.info({ documents: trusted.count }, 'only trusted documents are run');
  const authorize = createAuthorize(schema);
  const measures = options.metrics && measureRequests(app, options.metrics);
  const { observer } = measures ?? {};
  const traceOf = options.tracer && createRequestTraces(options.tracer);
  const apollo = createGraphQLServer(schema, createExecutor(schema, authorize), { log, introspection, observer });
  await apollo.start();

  refuseLongUrls(app);
  guardOrigins(app, { loopback });
  const { purseOf, failedLogin } = throttle(app, limits);
  const accessOf = authenticateRequests(app, policy, failedLogin);
  const auditOf = auditRequests(app, {
    ...{ record: options.audit, registry: policy.registry, accessOf, rightOf: mutationRights(schema) },
  });
  const guarded = guardStore(store);
  const createRequestContext = (request: FastifyRequest, reply: FastifyReply) => {
    const access = accessOf(request);
    if (!access) throw new TypeError('The route is open, and asks for what its caller may do.');
    const of = {
      ...{ access, audit: auditOf(request), purse: purseOf(request, access) },
      tally: measures?.tallyOf(request),
      trace: traceOf?.(textOf(request.headers['traceparent']), request.id),
    };
    const context = createContext({ ...of, store, guarded, log: request.log as Logger, timeoutMs });
    stopWhenGone(reply, context);
    return context;
  };
  const apis = await mountRest(app, schema, options.rest, {
    prepare: createPreparer(schema, authorize),
    createContext: createRequestContext,
  });
  await serveGraphQL(app, { apollo, createContext: createRequestContext, trusted });
  const drain = serveHealth(app, store);
  // The playground asks for the schema, and sends what its user writes.
  if (!trusted) await servePlayground(app, new URL('../dist/playground/', import.meta.url));
  const listed = apis.map(({ name, title, base }) => ({ name, title, url: `${base}/openapi.json` }));
  await serveApiDocs(app, new URL('../dist/api-docs/', import.meta.url), listed);
  await app.listen({ host: options.host, port: options.port });

  return {
    url: addressOf(app),
    drain,
    async close() {
      drain();
      await app.close();
      await apollo.stop();
    },
  };
}

function createApp(log: Logger, timeoutMs: number, tls: TlsFiles | undefined): FastifyInstance {
  const connections = { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };
  const app = Fastify({
    loggerInstance: log,
    bodyLimit: BODY_LIMIT,
    // How long a client may take to send its request; without them a trickled one is never ended.
    requestTimeout: 10_000,
    // How long nothing may come or go: who does not read the answer does not keep it in our memory for good.
    connectionTimeout: timeoutMs + QUIET_MS,
    frameworkErrors: (error, request, reply) => {
      const sendAs = request.url.startsWith('/api/') ? sendRestError : sendError;
      const known = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? tooLongPart() : withoutUrl(error);
      sendAs(known, request, reply.header('x-request-id', request.id) as FastifyReply);
    },
    ...(tls ? { https: { ...connections, ...toServerOptions(tls) } } : { http: connections }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    logController: new LogController({ requestIdLogLabel: 'requestId' }),
    // A longer id in a path is a bad request of the route, not of nobody.
    routerOptions: { maxParamLength: MAX_PARAMETER },
    genReqId: ({ headers }) => knownRequestId(headers['x-request-id']) ?? randomUUID(),
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(toBody(request, 'NOT_FOUND', `There is nothing at ${request.url.split('?')[0]}.`)),
  );
  return app as unknown as FastifyInstance;
}

/** Fastify's own words have the URL, and with it whatever a client put into the query. */
function withoutUrl(error: Error & { readonly code?: string }): Error {
  if (error.code !== 'FST_ERR_BAD_URL') return error;
  return new RegistryError('INVALID_ARGUMENT', 'The path of the URL cannot be read: a % in it begins no character.');
}

/** A client may show a certificate; who needs one looks for it, and whether our authorities have signed it. */
function toServerOptions({ cert, key, clientCa }: TlsFiles) {
  const clients = clientCa && { ca: clientCa, requestCert: true, rejectUnauthorized: false };
  return { cert, key, minVersion: 'TLSv1.2', ...clients } as const;
}

/** Longer ones are no questions of anybody's, and would stand in every log line. */
const MAX_URL = 8_192;

function refuseLongUrls(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    if ((raw.url ?? '').length <= MAX_URL) return;
    throw new RegistryError('URI_TOO_LONG', `The URL has more than ${MAX_URL} characters: send what is long by POST.`);
  });
}

/** Longest part of a path that is an id or a name. */
const MAX_PARAMETER = 4_096;

/** The router's own error repeats the URL. */
function tooLongPart(): RegistryError {
  return new RegistryError('URI_TOO_LONG', `The URL has a part of more than ${MAX_PARAMETER} characters.`);
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** A request id of the caller's is taken over where it is one that may stand in a log. */
function knownRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : undefined;
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = registryErrorIn(error);
  if (known) {
    const { http, extension } = ERROR_TABLE[known.code];
    const retryable = isRetryable(known.code);
    if (http === 503 && retryable && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
    return reply.code(http).send(toBody(request, extension, known.message, retryable));
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status < 500)
    return reply.code(status).send(toBody(request, 'BAD_REQUEST', error.message));
  request.log.error({ err: error }, 'internal error');
  return reply.code(500).send(toBody(request, 'INTERNAL_SERVER_ERROR', 'Internal error.'));
}

/** GraphQL's form of an error, at every door but REST's. */
function toBody({ id: requestId }: FastifyRequest, code: string, message: string, retryable = false) {
  return { errors: [{ message, extensions: { code, retryable, requestId } }] };
}

/** Ends the work for a client that has hung up. */
function stopWhenGone(reply: FastifyReply, context: Context): void {
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) context.stop(new RegistryError('CANCELLED', 'The client has hung up.'));
  });
}

/** /healthz: the process lives. /readyz: it can serve. The function that is given makes it not ready for good. */
function serveHealth(app: FastifyInstance, store: MetadataStore): () => void {
  let stopping = false;
  const silent = { logLevel: 'warn', config: { open: true, always: true } } as const;
  app.get('/healthz', silent, async () => ({ status: 'ok' }));
  app.get('/readyz', silent, async (_request, reply) => {
    if (stopping) return reply.code(503).send({ status: 'stopping' });
    try {
      // The cheapest question that only a store that works can answer.
      await store.getContextsById({ contextIds: [] }, { deadline: Date.now() + READY_TIMEOUT_MS });
      return { status: 'ready' };
    } catch (error) {
      const known = registryErrorIn(error);
      const code = known ? ERROR_TABLE[known.code].extension : 'INTERNAL_SERVER_ERROR';
      return reply.code(503).send({ status: 'not ready', code, message: known?.message ?? 'Internal error.' });
    }
  });
  // At the sending, so that requests in flight when the stop came give their connections up too.
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
  return () => {
    stopping = true;
  };
}

function addressOf(app: FastifyInstance): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `${app.initialConfig.https ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
