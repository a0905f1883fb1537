import { copyFileSync, existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { startEnginePipe } from '../test/reference/engine-pipe.ts';
import { referencePython } from '../test/reference/require.ts';
import { SMOKE } from './rounds.ts';
import { type FileSize, type Written, writeFile } from './store/file.ts';
import { type Line, measurePair, type Pair } from './store/pairs.ts';
import { pageName, readLines } from './store/reads.ts';
import { checkSame } from './store/same.ts';
import { encodeRequest, engineSide, ourSide, type Side } from './store/sides.ts';
import { measureWriters, WRITERS } from './store/writers.ts';
import { type WriteTypes, writeLines, writeTypeNames } from './store/writes.ts';
import { printTable, printTitle, times } from './table.ts';

const SMALL = { graph: { models: 5, versionsEach: 5, datasets: 95 }, lists: [500] };
const MEDIUM = { graph: { models: 200, versionsEach: 10, datasets: 6_800 }, lists: [1_000, 10_000] };
const LARGE = { graph: { models: 6_000, versionsEach: 10, datasets: 23_000 }, lists: [1_000, 10_000] };
const TINY = { graph: { models: 2, versionsEach: 2, datasets: 5 }, lists: [20] };

const sizes: FileSize[] = SMOKE ? [TINY] : process.argv.includes('--large') ? [LARGE] : [SMALL, MEDIUM];

await using stack = new AsyncDisposableStack();
const folder = stack.adopt(mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-')), (made) => made.remove());
const engine = existsSync(referencePython) ? stack.use(await startEnginePipe()) : undefined;
for (const [index, size] of sizes.entries()) await bench(join(folder.path, `${index}.sqlite`), size);
if (engine) console.log('\nBoth sides give the same answers.');
else console.log('\nWithout the C++ engine: there is no Python with ml-metadata (MODELGRAPH_TEST_PYTHON).');

async function bench(db: string, size: FileSize): Promise<void> {
  const file = await writeFile(db, size);
  const engineDb = db.replace('.sqlite', '-engine.sqlite');
  copyFileSync(db, engineDb);
  const { store } = await openStore({ db });
  const reads = await compareReads(db, store, file);
  const writes = await compareWrites(engineDb, store, file);
  const together = await measureWriters(store, await typesOf(store, file));
  await store.close();

  printTitle(`bench:store — ${file.nodes} nodes, ${file.events} events: bytes to bytes, ms per call`);
  printTable(
    ['call', 'C++ engine', 'ours', 'gain', 'aim', ''],
    [...reads, ...writes].map(([line, pair]) => row(line, pair)),
  );
  report(reads, file);
  console.log(
    `${WRITERS} writers at once: ${together.together.toFixed(0)} durable writes per second, one alone ` +
      `${together.alone.toFixed(0)}: ${times(together.together / together.alone)} (aim: at least 5 x).`,
  );
}

/** Both sides read the very same file. */
async function compareReads(db: string, store: MetadataStore, file: Written): Promise<[Line, Pair][]> {
  const ours = ourSide(store);
  const theirs = await openEngine(db);
  const lines = readLines(file);
  for (const line of lines) await checkSame(line, ours, theirs);
  return compare(lines, ours, theirs);
}

/** Both sides write to copies of one file, and what they wrote first is read back from both. */
async function compareWrites(engineDb: string, store: MetadataStore, file: Written): Promise<[Line, Pair][]> {
  const ours = ourSide(store);
  const theirs = await openEngine(engineDb);
  const types = await typesOf(store, file);
  const lines = writeLines(types);
  for (const line of lines) await checkSame(line, ours, theirs);
  await checkSame({ name: 'what was written', call: () => newArtifacts(file) }, ours, theirs, false);
  return compare(lines, ours, theirs);
}

async function openEngine(db: string): Promise<Side | undefined> {
  await engine?.open(db);
  return engine && engineSide(engine);
}

function newArtifacts({ artifacts }: Written) {
  const artifactIds = Array.from({ length: 20 }, (_none, index) => BigInt(artifacts + 1 + index));
  return { rpc: 'getArtifactsById', request: encodeRequest('getArtifactsById', { artifactIds }) } as const;
}

async function compare(lines: readonly Line[], ours: Side, theirs: Side | undefined): Promise<[Line, Pair][]> {
  const results: [Line, Pair][] = [];
  for (const line of lines) results.push([line, await measurePair(line, ours, theirs)]);
  return results;
}

async function typesOf(store: MetadataStore, file: Written): Promise<WriteTypes> {
  const names = writeTypeNames(file);
  const { artifactType } = await store.getArtifactType({ typeName: names.artifact });
  const { executionType } = await store.getExecutionType({ typeName: names.execution });
  const { contextType } = await store.getContextType({ typeName: names.context });
  return { artifact: artifactType?.id, execution: executionType?.id, context: contextType?.id };
}

function row({ name, aim }: Line, { ours, engine: theirs }: Pair): string[] {
  const gain = theirs === undefined ? undefined : theirs / ours;
  return [
    name,
    theirs === undefined ? '' : theirs.toFixed(3),
    ours.toFixed(3),
    gain === undefined ? '' : times(gain),
    aim === undefined ? '' : `${aim} x`,
    gain === undefined || aim === undefined ? '' : gain >= aim ? 'met' : 'missed',
  ];
}

function report(reads: readonly [Line, Pair][], { lists }: Written): void {
  const [few, most] = [lists[0], lists.at(-1)].map((count = 0) => {
    return reads.find(([{ name }]) => name === pageName(count))?.[1].ours ?? 0;
  });
  console.log('');
  if (lists.length < 2 || !few || !most) return;
  console.log(`A page of 100 out of 10,000 takes ${times(most / few)} one out of 1,000 (aim: at most 1.5 x).`);
}
