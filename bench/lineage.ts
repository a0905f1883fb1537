import { copyFileSync, existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { countCalls } from '../src/mlmd/count-calls.ts';
import { type OpenedStore, openStore } from '../src/mlmd/open.ts';
import { startEngine } from '../test/reference/engine.ts';
import { type EnginePipe, startEnginePipe } from '../test/reference/engine-pipe.ts';
import { referencePython } from '../test/reference/require.ts';
import { engineClosure, repeatCalls } from './lineage/engine.ts';
import { type WrittenClosure, writeFile } from './lineage/file.ts';
import { bodyOf, plainAnswer } from './lineage/graphql.ts';
import { measureMemory } from './lineage/memory.ts';
import { checkSame, type PlainLineage } from './lineage/plain.ts';
import { openRawSql, plainRaw } from './lineage/raw-sql.ts';
import { plainWalked, walkClosure } from './lineage/walker.ts';
import { costOf } from './provenance/cost.ts';
import { type Contender, measure, ownCpu, SMOKE } from './rounds.ts';
import { startServerProcess } from './server-process.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

const SIZES = SMOKE
  ? { closures: [30, 60], others: [40, 40] }
  : { closures: [100, 2_000, 10_000], others: [10_000, 10_000, 10_000] };
const MODELS = SMOKE ? 2 : 100;

/** Ways by their names; the first is what the others are compared with. */
const RAW = 'raw recursive SQL';
const WALK = 'the walk, embedded store';
const GRAPHQL = 'GraphQL, embedded store';
const ENGINE = 'the C++ engine’s own calls';
const REMOTE = 'the walk, over gRPC';

/** A way to a closure, and what it found. */
interface Way extends Contender {
  readonly calls: number;
  readonly plain: PlainLineage;
}

using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
const withEngine = existsSync(referencePython);
await compareFile('with the registry’s types', MODELS);
await compareFile('without the registry’s types', 0);
console.log(
  withEngine
    ? '\nAll ways find the same nodes and links.'
    : '\nWithout the C++ engine: there is no Python with ml-metadata (MODELGRAPH_TEST_PYTHON).',
);

async function compareFile(title: string, models: number): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const db = join(folder.path, `${models}.sqlite`);
  const closures = await writeFile(db, { ...SIZES, models });
  const opened = await openStore({ db });
  stack.defer(() => opened.store.close());
  const engines = withEngine ? await openEngines(stack, db) : undefined;
  for (const closure of closures) await compare(title, closure, db, opened, engines);
  await printMemory(closures, ['db', db]);
}

/** The engine on the very file, and one behind gRPC on a copy. */
interface Engines {
  readonly pipe: EnginePipe;
  readonly remote: OpenedStore;
}

async function openEngines(stack: AsyncDisposableStack, db: string): Promise<Engines> {
  const pipe = stack.use(await startEnginePipe());
  await pipe.open(db);
  const copy = db.replace('.sqlite', '-engine.sqlite');
  copyFileSync(db, copy);
  const { host, port } = stack.use(await startEngine({ sqlite: copy }));
  const remote = await openStore({ mlmd: `${host}:${port}` });
  stack.defer(() => remote.store.close());
  return { pipe, remote };
}

async function compare(
  title: string,
  { size, artifactId }: WrittenClosure,
  db: string,
  opened: OpenedStore,
  engines: Engines | undefined,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const runs = SMOKE ? 1 : Math.max(1, Math.min(160, Math.floor(16_000 / size)));
  const all = [
    rawWay(stack, db, artifactId, runs),
    await walkWay(WALK, opened, artifactId, runs),
    await graphqlWay(stack, db, artifactId, runs),
    ...(engines
      ? [
          await engineWay(engines.pipe, artifactId, Math.ceil(runs / 2)),
          await walkWay(REMOTE, engines.remote, artifactId, Math.ceil(runs / 4)),
        ]
      : []),
  ];
  for (const { name, plain } of all) checkSame(name, all[0]?.plain ?? plain, plain);
  const { nodes = [], links = [] } = all[0]?.plain ?? {};
  if (nodes.length !== size) throw new Error(`the closure of ${size} has ${nodes.length} nodes`);
  const measured = await measure(all);
  printTitle(`bench:lineage — ${size.toLocaleString('en')} nodes, ${links.length} links, ${title}`);
  const of = (wanted: string) => measured.find(({ name }) => name === wanted) ?? { wall: 0, cpu: 0 };
  const raw = of(RAW);
  printTable(
    ['way', 'store calls', 'wall ms p50', '/ raw', 'CPU ms', '/ raw'],
    measured.map(({ name, wall, cpu }, index) => [
      name,
      String(all[index]?.calls),
      milliseconds(wall),
      times(wall / raw.wall),
      milliseconds(cpu),
      times(cpu / raw.cpu),
    ]),
  );
  const [walk, engine] = [of(WALK), of(ENGINE)];
  console.log(`\nThe walk by CPU: ${times(walk.cpu / raw.cpu)} the raw SQL (aim: at most 5 x)`);
  if (engines) console.log(`and ${times(engine.cpu / walk.cpu)} as fast as the C++ engine (aim: at least 2 x).`);
}

function rawWay(stack: AsyncDisposableStack, db: string, artifactId: bigint, runs: number): Way {
  const raw = stack.use(openRawSql(db));
  return {
    name: RAW,
    runs,
    run: async () => raw.closure(artifactId),
    cpu: ownCpu,
    calls: raw.statements,
    plain: plainRaw(raw.closure(artifactId)),
  };
}

async function walkWay(name: string, { store }: OpenedStore, artifactId: bigint, runs: number): Promise<Way> {
  const counted = countCalls(store);
  const plain = plainWalked(await walkClosure(counted.store, artifactId));
  return { name, runs, run: () => walkClosure(store, artifactId), cpu: ownCpu, calls: counted.calls.length, plain };
}

async function graphqlWay(stack: AsyncDisposableStack, db: string, artifactId: bigint, runs: number): Promise<Way> {
  const body = bodyOf(artifactId);
  const cost = await costOf({ db }, body);
  const server = stack.use(await startServerProcess('provenance/gateway.ts', ['db', db]));
  return {
    name: GRAPHQL,
    runs,
    run: () => server.post(body),
    cpu: server.cpu,
    calls: cost.calls.length,
    plain: plainAnswer(cost.answer),
  };
}

/** Measured in the engine's own process, all runs of a round as one. */
async function engineWay(engine: EnginePipe, artifactId: bigint, runs: number): Promise<Way> {
  const { calls, plain } = await engineClosure(engine, artifactId);
  let [last, used] = [0, 0];
  return {
    name: ENGINE,
    runs: 1,
    async run() {
      const { wall, cpu } = await repeatCalls(engine, calls, runs);
      [last, used] = [wall, used + cpu * 1_000];
    },
    took: () => last,
    cpu: async () => used,
    calls: calls.length,
    plain,
  };
}

async function printMemory(closures: readonly WrittenClosure[], args: readonly string[]): Promise<void> {
  const [small, large] = [closures[0], closures.at(-1)];
  if (!small || !large) return;
  const memory = await measureMemory(args, bodyOf(small.artifactId), bodyOf(large.artifactId));
  if (!memory) return console.log('\nMemory is measured on Linux only.');
  const [before, first, most] = [memory.before, memory.first, memory.most].map((mib) => mib.toFixed(0));
  console.log(
    `\nMemory for ${large.size.toLocaleString('en')} nodes over GraphQL: ${first} MiB above the ${before} MiB before, ` +
      `${most} MiB in five requests (aim: at most 200 MB).`,
  );
}
