import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Serves the playground built into `folder` at /graphiql, and leads browsers there from /; unbuilt, it answers 503. */
export async function servePlayground(app: FastifyInstance, folder: URL | string): Promise<void> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder;
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers(SECURITY_HEADERS);
    });
    scope.get('/', redirectBrowsers);
    if (existsSync(join(root, 'index.html'))) await serveBuilt(scope, root);
    else serveUnbuilt(scope);
  });
}

/** Monaco and Radix write style elements, hence 'unsafe-inline' there; fonts and icons are data: inside the CSS. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

function redirectBrowsers(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('vary', 'accept');
  if (/(^|,)\s*text\/html\s*(;|,|$)/i.test(request.headers.accept ?? '')) return reply.redirect('/graphiql');
  reply.callNotFound();
  return reply;
}

async function serveBuilt(scope: FastifyInstance, root: string): Promise<void> {
  // The names of the assets carry a hash of their content: they never change, the page that names them may.
  await scope.register(fastifyStatic, {
    root: join(root, 'assets'),
    prefix: '/graphiql/assets/',
    index: false,
    immutable: true,
    maxAge: '1y',
  });
  const page = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.header('cache-control', 'no-cache').sendFile('index.html', root, { cacheControl: false });
  scope.get('/graphiql', page);
  scope.get('/graphiql/', page);
}

function serveUnbuilt(scope: FastifyInstance): void {
  const explain = (_request: FastifyRequest, reply: FastifyReply) =>
    reply
      .code(503)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send('The playground has not been built: run `npm run generate`, then start the gateway again.\n');
  scope.get('/graphiql', explain);
  scope.get('/graphiql/*', explain);
}
