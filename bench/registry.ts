import { deepStrictEqual, ok } from 'node:assert';
import { copyFileSync, existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { type OpenedStore, openStore, type StoreOptions } from '../src/mlmd/open.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { putRegistry } from '../test/fill-registry.ts';
import { startEngine } from '../test/reference/engine.ts';
import { referencePython } from '../test/reference/require.ts';
import { recordCalls, replay } from './registry/replay.ts';
import { type Contender, measure, ownCpu, SMOKE } from './rounds.ts';
import { startServerProcess } from './server-process.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

const SIZE = SMOKE
  ? { models: 20, versionsOf: () => 7, artifacts: 3, deployments: 2 }
  : { models: 1_000, versionsOf: () => 100, artifacts: 3, deployments: 2 };

/** Pages that are asked for in turn. */
const PAGES = 5;

const FIRST = SIZE.models >= 1_000 ? 100 : 4;

const QUERY = `query ($after: String) {
  registeredModels(first: ${FIRST}, after: $after) {
    pageInfo { endCursor }
    nodes {
      databaseId name state owner
      versions(first: 5) {
        pageInfo { hasNextPage }
        nodes {
          databaseId name state author
          artifacts { nodes { name description ... on ModelArtifact { uri } ... on DocArtifact { uri } } }
          serves { nodes { name lastKnownState } }
          inferenceServices { nodes { name desiredState } }
        }
      }
    }
  }
}`;

/** The calls without GraphQL and HTTP, and the gateway over the same store. */
interface Side {
  readonly raw: Contender;
  readonly gateway: Contender;
  readonly calls: number;
  readonly answers: readonly unknown[];
}

await using stack = new AsyncDisposableStack();
const folder = stack.adopt(mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-')), (made) => made.remove());
const db = join(folder.path, 'embedded.sqlite');
await generate();

const embedded = await openSide('embedded store', { db }, ['db', db], 12);
const address = existsSync(referencePython) ? await engineOnCopy() : undefined;
const remote = address && (await openSide('C++ engine', { mlmd: address }, ['mlmd', address], 2));
if (remote) deepStrictEqual(remote.answers, embedded.answers, 'the stores give different answers');
ok(JSON.stringify(embedded.answers).length > 1_000, 'the answer is empty');

const sides = remote ? [embedded, remote] : [embedded];
const measured = await measure(sides.flatMap(({ raw, gateway }) => [raw, gateway]));
printTitle(
  `bench:registry — ${FIRST} models with 5 versions each, their artifacts and deployments, out of ${SIZE.models * SIZE.versionsOf()} versions`,
);
printTable(
  ['way', 'store calls', 'wall ms p50', '/ raw', 'CPU ms', '/ raw'],
  sides.flatMap(({ raw, gateway, calls }) =>
    [raw, gateway].map(({ name }) => {
      const of = (wanted: string) => measured.find((row) => row.name === wanted) ?? { wall: 0, cpu: 0 };
      const [own, base] = [of(name), of(raw.name)];
      const ratios = [times(own.wall / base.wall), milliseconds(own.cpu), times(own.cpu / base.cpu)];
      return [name, String(calls), milliseconds(own.wall), ...ratios];
    }),
  ),
);
console.log(
  remote ? '\nBoth stores give the same answer.' : '\nWithout the C++ engine: there is no Python with ml-metadata.',
);

async function generate(): Promise<void> {
  const { store } = await openStore({ db });
  await putRegistry(store, SIZE);
  await store.close();
}

async function engineOnCopy(): Promise<string> {
  const copy = join(folder.path, 'engine.sqlite');
  copyFileSync(db, copy);
  const { host, port } = stack.use(await startEngine({ sqlite: copy }));
  return `${host}:${port}`;
}

async function openSide(name: string, options: StoreOptions, args: readonly string[], runs: number): Promise<Side> {
  const opened = await openStore(options);
  stack.defer(() => opened.store.close());
  const pages = await recordPages(opened);
  const server = stack.use(await startServerProcess('provenance/gateway.ts', args));
  const pageAt = (index: number) => {
    const page = pages[index % pages.length];
    if (!page) throw new Error('there is no page');
    return page;
  };
  return {
    calls: pageAt(0).calls.length,
    answers: pages.map(({ answer }) => answer),
    raw: {
      name: `the calls alone, ${name}`,
      runs: SMOKE ? 1 : runs,
      run: (index) => replay(opened.store, pageAt(index).calls),
      cpu: ownCpu,
    },
    gateway: {
      name: `GraphQL, ${name}`,
      runs: SMOKE ? 1 : runs,
      run: (index) => server.post(pageAt(index).body),
      cpu: server.cpu,
    },
  };
}

/** Asks for the pages one after the other, with the calls that each costs. */
async function recordPages({ store }: OpenedStore) {
  const pages = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const recording = recordCalls(store);
    const body: string = JSON.stringify({ query: QUERY, variables: { after } });
    const log = createLog('silent');
    const door = { host: '127.0.0.1', port: 0, loopback: true, policy: OPEN_POLICY, timeoutMs: 60_000, log };
    const gateway = await startGateway({ store: recording.store, ...door });
    const headers = { 'content-type': 'application/json' };
    const answer = (await (await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body })).json()) as Answer;
    await gateway.close();
    ok(answer.data && !answer.errors, JSON.stringify(answer.errors));
    pages.push({ body, answer, calls: recording.calls });
    after = answer.data.registeredModels.pageInfo.endCursor;
  }
  return pages;
}

interface Answer {
  readonly data?: { readonly registeredModels: { readonly pageInfo: { readonly endCursor: string | null } } };
  readonly errors?: readonly unknown[];
}
