import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { servePage } from './web-page.ts';

/** Serves the playground built into `folder` at /graphiql, and leads browsers there from /; unbuilt, it answers 503. */
export async function servePlayground(app: FastifyInstance, folder: URL | string): Promise<void> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder;
  await servePage(app, { root, path: '/graphiql', noun: 'playground' }, (scope) => scope.get('/', redirectBrowsers));
}

function redirectBrowsers(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('vary', 'accept');
  if (/(^|,)\s*text\/html\s*(;|,|$)/i.test(request.headers.accept ?? '')) return reply.redirect('/graphiql');
  reply.callNotFound();
  return reply;
}
