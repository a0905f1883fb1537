import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A page of ours, built into static files. */
export interface WebPage {
  /** Where its files are. */
  readonly root: string;
  /** Where it is served, e.g. `/graphiql`. */
  readonly path: string;
  /** What it is in a sentence, e.g. `playground`. */
  readonly noun: string;
}

/** Libraries of pages write style elements, hence 'unsafe-inline' there; fonts and icons are data: inside the CSS. */
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

/** Serves a page under a strict policy, with more routes of its own; unbuilt, it answers 503. */
export async function servePage(
  app: FastifyInstance,
  page: WebPage,
  more: (scope: FastifyInstance) => void = () => {},
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true };
    });
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers(SECURITY_HEADERS);
    });
    more(scope);
    if (existsSync(join(page.root, 'index.html'))) await serveBuilt(scope, page);
    else serveUnbuilt(scope, page);
  });
}

async function serveBuilt(scope: FastifyInstance, { root, path }: WebPage): Promise<void> {
  // The names of the assets carry a hash of their content: they never change, the page that names them may.
  await scope.register(fastifyStatic, {
    root: join(root, 'assets'),
    prefix: `${path}/assets/`,
    decorateReply: !scope.hasReplyDecorator('sendFile'),
    index: false,
    immutable: true,
    maxAge: '1y',
  });
  const page = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.header('cache-control', 'no-cache').sendFile('index.html', root, { cacheControl: false });
  scope.get(path, page);
  scope.get(`${path}/`, page);
}

function serveUnbuilt(scope: FastifyInstance, { path, noun }: WebPage): void {
  const explain = (_request: FastifyRequest, reply: FastifyReply) =>
    reply
      .code(503)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send(`The ${noun} has not been built: run \`npm run generate\`, then start the gateway again.\n`);
  scope.get(path, explain);
  scope.get(`${path}/*`, explain);
}
