import { strictEqual } from 'node:assert';
import { mkdtempDisposableSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/mlmd/open.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { SMOKE } from './rounds.ts';
import { printTable } from './table.ts';

const BASE = '/api/model_registry/v1alpha3';
const RUNS = SMOKE ? 3 : 1_500;
const MODELS = SMOKE ? [20, 30] : [1_000, 10_000];

type Make = () => readonly [method: string, path: string, body?: string];

for (const models of MODELS) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
  const { store } = await openStore({ db: join(folder.path, 'bench.sqlite') });
  const options = { store, host: '127.0.0.1', port: 0, loopback: true, timeoutMs: 10_000, log: createLog('silent') };
  const gateway = await startGateway(options);
  await fill(gateway.url, models);
  console.log(
    `\nbench:rest — ${models} models, embedded store; ${RUNS} requests each, the client in the same process\n`,
  );
  const rows: (readonly string[])[] = [];
  for (const [name, make] of cases(models)) {
    const one = await load(gateway.url, make, 1);
    const eight = await load(gateway.url, make, 8);
    rows.push([name, one.rate, one.p50, one.p99, eight.rate, eight.p50, eight.p99]);
  }
  printTable(['request', 'req/s at 1', 'p50 ms', 'p99 ms', 'req/s at 8', 'p50 ms', 'p99 ms'], rows);
  await gateway.close();
  await store.close();
}

/** Model 1 has ten versions, the first of them two artifacts. */
async function fill(url: string, models: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const post = (path: string, body: object) => send(url, agent, ['POST', `${BASE}/${path}`, JSON.stringify(body)], 201);
  const made = await post('registered_models', { name: 'm0' });
  const { id: model } = JSON.parse(made) as { id: string };
  const ids: string[] = [];
  for (let index = 0; index < 10; index += 1) {
    const version = await post('model_versions', { name: `v${index}`, registeredModelId: model });
    ids.push((JSON.parse(version) as { id: string }).id);
  }
  for (const name of ['a', 'b']) {
    await post(`model_versions/${ids[0]}/artifacts`, { artifactType: 'model-artifact', name, uri: 's3://x' });
  }
  for (let index = 1; index < models; index += 50) {
    const some = Array.from({ length: Math.min(50, models - index) }, (_, each) => index + each);
    await Promise.all(some.map((each) => post('registered_models', { name: `m${each}`, owner: 'alice' })));
  }
  agent.destroy();
}

function cases(models: number): (readonly [string, Make])[] {
  let made = 0;
  const get =
    (path: string): Make =>
    () => ['GET', `${BASE}/${path}`];
  const post =
    (path: string, body: object): Make =>
    () => ['POST', `${BASE}/${path}`, JSON.stringify({ ...body, name: `new-${models}-${made++}` })];
  const name = encodeURIComponent(`m${models - 1}`);
  const graphql = JSON.stringify({
    query:
      '{ registeredModel(databaseId: "1") { databaseId name externalId description createTime lastUpdateTime owner state readme maturity language tasks provider logo license licenseLink libraryName customProperties { name type intValue doubleValue stringValue boolValue structValue } } }',
  });
  return [
    ['model by id', get('registered_models/1')],
    ['the same in GraphQL', () => ['POST', '/graphql', graphql]],
    ['find by name', get(`registered_model?name=${name}`)],
    ['page of 100 models', get('registered_models?pageSize=100')],
    ['page of 100, newest first', get('registered_models?pageSize=100&orderBy=CREATE_TIME')],
    ['10 versions of a model', get('registered_models/1/versions')],
    ['2 artifacts of a version', get('model_versions/2/artifacts')],
    ['new model', post('registered_models', { owner: 'alice' })],
    ['new version', post('registered_models/1/versions', { registeredModelId: '1' })],
    ['new artifact', post('model_versions/3/artifacts', { artifactType: 'model-artifact', uri: 's3://x' })],
  ];
}

async function load(url: string, make: Make, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const client = async (runs: number) => {
    for (let run = 0; run < runs; run += 1) {
      const begin = performance.now();
      await send(url, agent, make(), 200, 201);
      times.push(performance.now() - begin);
    }
  };
  await client(Math.ceil(RUNS / 10)); // warm
  times.length = 0;
  const begin = performance.now();
  await Promise.all(Array.from({ length: connections }, () => client(Math.ceil(RUNS / connections))));
  const seconds = (performance.now() - begin) / 1_000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
  return { rate: Math.round(times.length / seconds).toString(), p50: at(0.5), p99: at(0.99) };
}

function send(url: string, agent: Agent, [method, path, body]: ReturnType<Make>, ...well: number[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const outgoing = request(`${url}${path}`, { method, agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      strictEqual(well.includes(response.statusCode ?? 0), true, `${method} ${path}: ${response.statusCode} ${text}`);
      resolve(text);
    });
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
