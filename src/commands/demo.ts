import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fillWithDemoData } from '../demo/fill.ts';
import { type OpenedStore, openStore } from '../mlmd/open.ts';
import { type GatewayOptions, gatewayDoor } from './doors.ts';
import { listen } from './listen.ts';

/** `modelgraph demo`: serves demonstration data from a store in a temporary folder, which goes with the process. */
export async function demo(options: GatewayOptions): Promise<void> {
  await listen(openDemoStore, options, [gatewayDoor(options, welcome)]);
}

async function openDemoStore(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'modelgraph-demo-'));
  // However the process ends, short of being killed: by a second Ctrl-C too.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const opened = await openStore({ db: join(folder, 'demo.sqlite') });
  await fillWithDemoData(opened.store);
  return opened;
}

function welcome(url: string): string {
  return `
ModelGraph serves demonstration data until Ctrl-C: registered models, the pipelines
that trained some of them, and where they are deployed.

  Playground   ${url}/graphiql  (with example queries)
  GraphQL      ${url}/graphql
  REST         ${url}/api/docs  (the Kubeflow Model Registry's API, and more)

A first query, for the registered models and their versions:

  curl -sG ${url}/graphql -H 'content-type: application/json' --data-urlencode 'query={
    registeredModels { nodes { name owner versions { nodes { databaseId name author } } } }
  }'
`;
}
