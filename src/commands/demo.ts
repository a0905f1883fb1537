import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fillWithDemoData } from '../demo/fill.ts';
import { openStore } from '../mlmd/open.ts';
import { createLog } from '../observe.ts';

import { type ListenOptions, listen } from './listen.ts';

/** `modelgraph demo`: serves demonstration data from a store in a temporary folder, which goes with the process. */
export async function demo(options: ListenOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-demo-'));
  try {
    const { store } = await openStore({ db: join(folder, 'demo.sqlite') });
    await fillWithDemoData(store);
    await listen(store, options, createLog(options.logLevel), (url) => console.log(welcome(url)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function welcome(url: string): string {
  return `
ModelGraph serves demonstration data, until Ctrl-C.

  Playground   ${url}/graphiql
  GraphQL      ${url}/graphql

A first query, also in the playground:

  curl ${url}/graphql -H 'content-type: application/json' \\
    --data '{"query":"{ contexts(filterQuery: \\"type = \\u0027kf.RegisteredModel\\u0027\\") { nodes { name type { name } } } }"}'
`;
}
