import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { RegistryError } from '../errors.ts';
import type { Api } from './apis.ts';
import { compressed } from './compressed.ts';
import { tellsDetails } from './error-schema.ts';
import { toRestError } from './errors.ts';
import { createHandler, type Handle, type Prepare, type RestRequest } from './handler.ts';
import type { RestOperation } from './operation.ts';
import type { RestAnswer } from './output.ts';
import { pathParameters } from './path-parameters.ts';

/** How the routes of an API are run. */
export interface RestOptions<Context> {
  readonly prepare: Prepare<Context>;
  readonly createContext: (request: FastifyRequest, reply: FastifyReply) => Context;
}

/** An API with its routes. */
export interface MountedApi {
  readonly api: Api;
  readonly operations: readonly RestOperation[];
  /** The OpenAPI document, as JSON. */
  readonly openapi: string;
}

const JSON_TYPE = 'application/json; charset=UTF-8';

/** Serves the routes of an API below its base, and its OpenAPI document at `BASE/openapi.json`. */
export async function serveApi<Context>(
  app: FastifyInstance,
  { api, operations, openapi }: MountedApi,
  options: RestOptions<Context>,
): Promise<void> {
  await app.register(
    async (scope) => {
      // Content-Type says nothing here: clients of this API may leave it out or have it wrong, even no media type.
      scope.addHook('onRequest', async ({ raw }) => {
        raw.headers['content-type'] = 'application/octet-stream';
      });
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      scope.setErrorHandler(sendRestError);
      const methods = methodsOf(operations);
      scope.setNotFoundHandler((request, reply) => sendNotFound(methods, api.base, request, reply));
      for (const cases of Map.groupBy(operations, ({ method, path }) => `${method} ${path}`).values()) {
        const [first] = cases;
        if (first) serveRoute(scope, first, createHandler(api.names, cases, options.prepare), options.createContext);
      }
      for (const [method, url] of shadowed(operations)) {
        scope.route({ method: method as 'GET', url, handler: (_request, reply) => reply.callNotFound() });
      }
      scope.get('/openapi.json', { config: { open: true } }, (request, reply) => encode(request, reply, openapi));
    },
    { prefix: api.base },
  );
}

function serveRoute<Context>(
  scope: FastifyInstance,
  { method, path }: RestOperation,
  handle: Handle<Context>,
  createContext: RestOptions<Context>['createContext'],
): void {
  scope.route({
    method: method as 'GET',
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: { door: 'rest' },
    handler: async (request, reply) => {
      // The router takes an empty parameter for one.
      if (Object.values(request.params as Record<string, string>).includes('')) return reply.callNotFound();
      const answer = await handle(toRequest(request), () => createContext(request, reply));
      return toReply(request, reply, answer);
    },
  });
}

function toRequest(request: FastifyRequest): RestRequest {
  const query = new Map<string, string>();
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first) query.set(name, first);
  }
  const path = request.params as Record<string, string>;
  for (const [name, value] of [...query, ...Object.entries(path)]) {
    if (value.includes('\0')) throw new RegistryError('INVALID_ARGUMENT', `'${name}': It has a character U+0000.`);
  }
  const bytes = request.body instanceof Uint8Array ? request.body : undefined;
  return { path, query, headers: request.headers, bytes };
}

/** Sets the reply up and gives its bytes. An answer that has no version of its own gets one of its text. */
async function toReply(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, status, version }: RestAnswer,
): Promise<string | Buffer> {
  const text = JSON.stringify(body);
  if (request.method === 'POST' || request.method === 'PATCH') {
    if (version !== undefined) reply.header('etag', `"${version}"`);
    return encode(request, reply.code(status), text);
  }
  const etag = version === undefined ? `W/"${hash('sha1', text, 'base64url')}"` : `"${version}"`;
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (isKnown(request.headers['if-none-match'], etag)) {
    reply.code(304);
    return '';
  }
  return encode(request, reply.code(status), text);
}

/** True where the client has what it would get. */
function isKnown(header: string | undefined, etag: string): boolean {
  const weak = (tag: string) => tag.trim().replace(/^W\//, '');
  return header !== undefined && (header.trim() === '*' || header.split(',').map(weak).includes(weak(etag)));
}

async function encode(request: FastifyRequest, reply: FastifyReply, text: string): Promise<string | Buffer> {
  const { encoding, bytes } = await compressed(text, request.headers['accept-encoding']);
  reply.header('content-type', JSON_TYPE).header('vary', 'accept-encoding');
  if (encoding) reply.header('content-encoding', encoding);
  return bytes;
}

/** Sends a failure as REST tells it. */
export function sendRestError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body, details } = toRestError(error, request.id);
  if (status === 500) request.log.error({ err: error }, 'internal error');
  if (status === 503) reply.header('retry-after', '1');
  const told = tellsDetails(request.url) ? { ...body, ...details } : body;
  return reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(told));
}

/** The methods that a path without parameters lacks, where the router would take it for another path with an id. */
function shadowed(operations: readonly RestOperation[]): readonly (readonly [method: string, path: string])[] {
  const plain = [...new Set(operations.map(({ path }) => path))].filter((path) => pathParameters(path).length === 0);
  const has = (method: string, path: string) => operations.some((each) => each.method === method && each.path === path);
  const found = plain.flatMap((path) =>
    operations
      .filter((each) => !has(each.method, path) && toPattern(each.path).test(path))
      .map(({ method }) => [`${method} ${path}`, [method, path]] as const),
  );
  return [...new Map(found).values()];
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

/** The methods of each path, with a pattern that its URLs fit. */
function methodsOf(operations: readonly RestOperation[]): readonly (readonly [RegExp, string])[] {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return [...byPath]
    .sort(([a], [b]) => pathParameters(a).length - pathParameters(b).length)
    .map(([path, same]) => {
      const methods = new Set(same.map(({ method }) => method));
      if (methods.has('GET')) methods.add('HEAD');
      return [toPattern(path), [...methods].join(', ')] as const;
    });
}

function sendNotFound(
  methods: readonly (readonly [RegExp, string])[],
  base: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const [path = ''] = request.url.slice(base.length).split('?');
  const allowed = methods.find(([pattern]) => pattern.test(path))?.[1];
  if (allowed !== undefined) return reply.code(405).header('allow', allowed).send();
  return reply.code(404).type('text/plain; charset=utf-8').send('404 page not found\n');
}
