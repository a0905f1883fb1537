import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { recordCalls, replay } from './registry/replay.ts';
import { BASE, type Case, casesFor } from './rest/cases.ts';
import { measureRoute } from './rest/executor.ts';
import { connections, load, RUNS, send } from './rest/load.ts';
import { SMOKE } from './rounds.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

const MODELS = SMOKE ? [20, 30] : [1_000, 10_000];

const HEAD = ['request', 'at 1: p50 ms', 'p99', 'CPU ms', 'at 8: req/s', 'p50', 'p99', 'CPU ms'];

for (const models of MODELS) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
  const { store } = await openStore({ db: join(folder.path, 'bench.sqlite') });
  const gateway = await openGateway(store);
  await fill(gateway.url, models);
  const how = `${RUNS} requests each, by 1 and by 8 connections; the client in the same process`;
  printTitle(`bench:rest — ${models} models, embedded store`, how);
  const rows: (readonly string[])[] = [];
  for (const each of casesFor(models)) rows.push(...(await measured(gateway.url, store, each)));
  printTable(HEAD, rows);
  const { executor, route } = await measureRoute(store);
  const ratio = `${milliseconds(route)} ms to ${milliseconds(executor)} ms: ${times(route / executor)}`;
  console.log(
    `\nA GET by id without HTTP, its CPU time to that of the executor alone: ${ratio} (aim: at most 1.50 x).`,
  );
  await gateway.close();
  await store.close();
}

async function openGateway(store: MetadataStore) {
  const log = createLog('silent');
  return startGateway({
    store,
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: OPEN_POLICY,
    timeoutMs: 10_000,
    log,
  });
}

/** A case through REST, through GraphQL, and its store calls alone. */
async function measured(url: string, store: MetadataStore, each: Case): Promise<(readonly string[])[]> {
  const calls = each.store ?? (await recorded(store, each));
  return [
    [each.name, ...(await cells(url, each.rest))],
    ['— in GraphQL', ...(await cells(url, each.graphql))],
    ['— the store calls alone', ...(await figures((atOnce) => load(() => calls(store), atOnce)))],
  ];
}

async function cells(url: string, make: Case['rest']): Promise<readonly string[]> {
  return figures(async (atOnce) => {
    const agent = connections(atOnce);
    const loaded = await load(() => send(url, agent, make()), atOnce);
    agent.destroy();
    return loaded;
  });
}

async function figures(measure: (atOnce: number) => ReturnType<typeof load>): Promise<readonly string[]> {
  const one = await measure(1);
  const eight = await measure(8);
  const cellsOf = ({ p50, p99, cpu }: typeof one) => [p50, p99, cpu].map(milliseconds);
  return [...cellsOf(one), Math.round(eight.perSecond).toString(), ...cellsOf(eight)];
}

/** The calls that a request to REST makes, to be made again. */
async function recorded(store: MetadataStore, { rest }: Case) {
  const recording = recordCalls(store);
  const gateway = await openGateway(recording.store);
  const agent = connections(1);
  await send(gateway.url, agent, rest());
  agent.destroy();
  await gateway.close();
  return (target: MetadataStore) => replay(target, recording.calls);
}

/** Model 1 has ten versions, the first of them two artifacts. */
async function fill(url: string, models: number): Promise<void> {
  const agent = connections(8);
  const post = (path: string, body: object) => send(url, agent, ['POST', `${BASE}/${path}`, JSON.stringify(body)]);
  await post('registered_models', { name: 'm0' });
  for (let index = 0; index < 10; index += 1)
    await post('model_versions', { name: `v${index}`, registeredModelId: '1' });
  for (const name of ['a', 'b']) {
    await post('model_versions/2/artifacts', { artifactType: 'model-artifact', name, uri: 's3://x' });
  }
  for (let index = 1; index < models; index += 50) {
    const some = Array.from({ length: Math.min(50, models - index) }, (_, each) => index + each);
    await Promise.all(some.map((each) => post('registered_models', { name: `m${each}`, owner: 'alice' })));
  }
  agent.destroy();
}
