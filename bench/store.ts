import { copyFileSync, existsSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { startEnginePipe } from '../test/reference/engine-pipe.ts';
import { referencePython } from '../test/reference/require.ts';
import { SMOKE } from './rounds.ts';
import { copyAsEngineMakesIt } from './store/engine-file.ts';
import { type FileSize, type Written, writeFile } from './store/file.ts';
import { measureSides } from './store/pairs.ts';
import { pageName, readLines } from './store/reads.ts';
import { HEAD, type Result, toRow } from './store/results.ts';
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

/** The files that the engine writes to. */
interface Copies {
  /** As the engine makes it. */
  readonly rollback: string;
  /** As ours. */
  readonly wal: string;
}

using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
const withEngine = existsSync(referencePython);
for (const [index, size] of sizes.entries()) await bench(join(folder.path, `${index}.sqlite`), size);
if (withEngine) console.log('\nBoth sides give the same answers.');
else console.log('\nWithout the C++ engine: there is no Python with ml-metadata (MODELGRAPH_TEST_PYTHON).');

async function bench(db: string, size: FileSize): Promise<void> {
  const begun = performance.now();
  const file = await writeFile(db, size);
  const seconds = (performance.now() - begun) / 1_000;
  const copies = { rollback: db.replace('.sqlite', '-rollback.sqlite'), wal: db.replace('.sqlite', '-wal.sqlite') };
  copyAsEngineMakesIt(db, copies.rollback);
  copyFileSync(db, copies.wal);
  const { store } = await openStore({ db });
  const reads = await compareReads(db, store, file);
  const writes = await compareWrites(copies, store, file);
  const together = await measureWriters(store, await typesOf(store, file));
  await store.close();

  printTitle(`bench:store — ${file.nodes} nodes, ${file.events} events: bytes to bytes, ms per call`);
  printTable(HEAD, [...reads, ...writes].map(toRow));
  report(reads, file);
  console.log(
    `${WRITERS} writers at once: ${together.together.toFixed(0)} durable writes per second, one alone ` +
      `${together.alone.toFixed(0)}: ${times(together.together / together.alone)} (aim: at least 5 x).\n` +
      `The file was written in ${seconds.toFixed(1)} s.`,
  );
}

/** Both sides read the very same file. Aims are of CPU time, as they were found. */
async function compareReads(db: string, store: MetadataStore, file: Written): Promise<Result[]> {
  await using stack = new AsyncDisposableStack();
  const ours = ourSide(store);
  const engines = await openEngines(stack, [db]);
  const lines = readLines(file);
  for (const line of lines) await checkSame(line, ours, engines);
  const results: Result[] = [];
  for (const line of lines) {
    const [cost, engine] = await measureSides(line, [ours, ...engines]);
    if (cost) results.push({ ...line, ours: cost, engine, judged: 'cpu' });
  }
  return results;
}

/**
 * Each side writes to a file of its own, and what they wrote first is read back from all. Aims are of wall time, for
 * most of it goes to the disk, and against the engine on the journal that its own files have.
 */
async function compareWrites(copies: Copies, store: MetadataStore, file: Written): Promise<Result[]> {
  await using stack = new AsyncDisposableStack();
  const ours = ourSide(store);
  const engines = await openEngines(stack, [copies.rollback, copies.wal]);
  const lines = writeLines(await typesOf(store, file));
  for (const line of lines) await checkSame(line, ours, engines);
  await checkSame({ name: 'what was written', call: () => newArtifacts(file) }, ours, engines, false);
  const results: Result[] = [];
  for (const { name, aim, ...line } of lines) {
    const [cost, rollback, wal] = await measureSides({ name, ...line }, [ours, ...engines]);
    if (!cost) continue;
    results.push({
      name: rollback ? `${name}; the engine as it is` : name,
      ours: cost,
      engine: rollback,
      aim,
      judged: 'wall',
    });
    if (wal) results.push({ name: `${name}; the engine on WAL`, ours: cost, engine: wal, judged: 'wall' });
  }
  return results;
}

/** One engine for each of the files; none where there is no Python for it. */
async function openEngines(stack: AsyncDisposableStack, files: readonly string[]): Promise<Side[]> {
  const sides: Side[] = [];
  for (const db of withEngine ? files : []) {
    const engine = stack.use(await startEnginePipe());
    await engine.open(db);
    sides.push(engineSide(engine));
  }
  return sides;
}

function newArtifacts({ artifacts }: Written) {
  const artifactIds = Array.from({ length: 20 }, (_none, index) => BigInt(artifacts + 1 + index));
  return { rpc: 'getArtifactsById', request: encodeRequest('getArtifactsById', { artifactIds }) } as const;
}

async function typesOf(store: MetadataStore, file: Written): Promise<WriteTypes> {
  const names = writeTypeNames(file);
  const { artifactType } = await store.getArtifactType({ typeName: names.artifact });
  const { executionType } = await store.getExecutionType({ typeName: names.execution });
  const { contextType } = await store.getContextType({ typeName: names.context });
  return { artifact: artifactType?.id, execution: executionType?.id, context: contextType?.id };
}

function report(reads: readonly Result[], { lists }: Written): void {
  const [few, most] = [lists[0], lists.at(-1)].map((count = 0) => {
    return reads.find(({ name }) => name === pageName(count))?.ours.wall ?? 0;
  });
  console.log('');
  if (lists.length < 2 || !few || !most) return;
  console.log(`A page of 100 out of 10,000 takes ${times(most / few)} one out of 1,000 (aim: at most 1.5 x).`);
}
