import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

import { servePage } from './web-page.ts';

/** What the page says of an API. */
export interface ListedApi {
  readonly name: string;
  readonly title: string;
  /** Of its OpenAPI document. */
  readonly url: string;
}

/** Serves the page of the REST APIs built into `folder` at /api/docs, and the list of them; unbuilt, it answers 503. */
export async function serveApiDocs(
  app: FastifyInstance,
  folder: URL | string,
  apis: readonly ListedApi[],
): Promise<void> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder;
  await servePage(app, { root, path: '/api/docs', noun: 'page of the REST APIs' }, (scope) =>
    scope.get('/api/docs/apis.json', async () => apis),
  );
}
