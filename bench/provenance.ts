import { deepStrictEqual, ok } from 'node:assert';
import { copyFileSync, existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore, type StoreOptions } from '../src/mlmd/open.ts';
import { startEngine } from '../test/reference/engine.ts';
import { referencePython } from '../test/reference/require.ts';
import { type Cost, costOf } from './provenance/cost.ts';
import { type Graph, writeGraph } from './provenance/graph.ts';
import { PLAIN, WITH_PROPERTIES } from './provenance/query.ts';
import { batched, naive, type RawWay } from './provenance/raw.ts';
import { connectRaw } from './provenance/raw-call.ts';
import { type Contender, measure, ownCpu, SMOKE } from './rounds.ts';
import { startServerProcess } from './server-process.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

const SIZE = SMOKE ? { models: 2, versionsEach: 2, datasets: 5 } : { models: 200, versionsEach: 10, datasets: 2_800 };

/** A contender, with what one run of it costs. */
interface Way extends Contender {
  readonly calls: number;
  readonly statements: string;
}

await using stack = new AsyncDisposableStack();
const folder = stack.adopt(mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-')), (made) => made.remove());
const db = join(folder.path, 'embedded.sqlite');
const graph = await generate();
const engine = existsSync(referencePython) ? await engineOnCopy() : undefined;

console.log(`bench:provenance — ${graph.nodes} nodes, ${graph.events} events`);
await compare('without properties', PLAIN, false);
await compare('with all properties of the artifacts', WITH_PROPERTIES, true);
if (!engine) console.log('\nWithout the rows over gRPC: there is no Python with ml-metadata (MODELGRAPH_TEST_PYTHON).');

async function generate(): Promise<Graph> {
  const { store } = await openStore({ db });
  const written = await writeGraph(store, SIZE);
  await store.close();
  return written;
}

async function engineOnCopy() {
  const copy = join(folder.path, 'engine.sqlite');
  copyFileSync(db, copy);
  const { host, port } = stack.use(await startEngine({ sqlite: copy }));
  return { address: `${host}:${port}` };
}

async function compare(title: string, query: string, withProperties: boolean): Promise<void> {
  await using ways = new AsyncDisposableStack();
  const embedded = await gatewayWay(ways, 'GraphQL, embedded store', ['db', db], { db }, query, 120);
  const all = engine
    ? [
        await rawWay(ways, 'raw grpc-js, naive N+1', naive, engine.address, withProperties, 4),
        await rawWay(ways, 'raw grpc-js, batched per level', batched, engine.address, withProperties, 25),
        await gatewayWay(ways, 'GraphQL, over gRPC', ['mlmd', engine.address], { mlmd: engine.address }, query, 25),
        embedded,
      ]
    : [embedded];
  for (const { name, answer } of all) deepStrictEqual(answer, embedded.answer, `${name} gives another answer`);
  ok(JSON.stringify(embedded.answer).length > 1_000, 'the answer is empty');

  const measured = await measure(all);
  const base = measured.find(({ name }) => name.includes('batched'));
  printTitle(`Model → versions → artifacts → executions → inputs → their executions, ${title}`);
  printTable(
    ['way', 'store calls', 'SQL', 'wall ms p50', '/ batched', 'CPU ms', '/ batched'],
    measured.map(({ name, wall, cpu }, index) => [
      name,
      String(all[index]?.calls),
      all[index]?.statements ?? '',
      milliseconds(wall),
      base ? times(wall / base.wall) : '',
      milliseconds(cpu),
      base ? times(cpu / base.cpu) : '',
    ]),
  );
  if (base) report(base.wall, measured);
}

function report(base: number, measured: readonly { readonly name: string; readonly wall: number }[]): void {
  const wallOf = (part: string) => measured.find(({ name }) => name.includes(part))?.wall ?? 0;
  console.log(`\nAll ways give the same answer.
Over gRPC: ${times(wallOf('over gRPC') / base)} the raw batched calls (aim: at most 1.3 x).
Embedded: ${times(base / wallOf('embedded'))} faster than the raw batched calls (aim: at least 6 x).`);
}

/** Each run asks for another model. */
function modelAt(index: number): bigint {
  return graph.modelIds[(index * 7) % graph.modelIds.length] ?? 0n;
}

async function gatewayWay(
  ways: AsyncDisposableStack,
  name: string,
  args: readonly string[],
  options: StoreOptions,
  query: string,
  runs: number,
): Promise<Way & Pick<Cost, 'answer'>> {
  const bodyOf = (model: bigint) => JSON.stringify({ query, variables: { model: String(model) } });
  const cost = await costOf(options, bodyOf(modelAt(0)));
  const server = ways.use(await startServerProcess('provenance/gateway.ts', args));
  return {
    name,
    runs: SMOKE ? 1 : runs,
    run: (index) => server.post(bodyOf(modelAt(index))),
    cpu: server.cpu,
    answer: cost.answer,
    calls: cost.calls.length,
    statements: cost.statements === undefined ? 'the server’s' : String(cost.statements),
  };
}

async function rawWay(
  ways: AsyncDisposableStack,
  name: string,
  way: RawWay,
  address: string,
  withProperties: boolean,
  runs: number,
): Promise<Way & Pick<Cost, 'answer'>> {
  const client = ways.use(connectRaw(address));
  const run = (index: number) => way(client.call, modelAt(index), withProperties);
  const answer: unknown = JSON.parse(JSON.stringify(await run(0)));
  const calls = client.made();
  return {
    name,
    runs: SMOKE ? 1 : runs,
    run,
    cpu: ownCpu,
    answer,
    calls,
    statements: 'the server’s',
  };
}
