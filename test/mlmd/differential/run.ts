import { copyFileSync, existsSync, mkdtempDisposableSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect, isDeepStrictEqual } from 'node:util';

import { initialize } from '../../../src/mlmd/embedded/create.ts';
import { openDatabase } from '../../../src/mlmd/embedded/database.ts';
import { createEmbeddedStore } from '../../../src/mlmd/embedded/store.ts';
import type { MetadataStore, RpcName } from '../../../src/mlmd/store.ts';
import { type EnginePipe, startEnginePipe } from '../../reference/engine-pipe.ts';
import { callOurs, callTheirs, type Outcome } from './outcome.ts';
import { resolve, type Side } from './resolve.ts';
import type { Step } from './step.ts';
import { readTables } from './tables.ts';
import { tidy, type Unordered } from './tidy.ts';

/** Where the two stores differ: after which step, and what each has. */
export interface Difference {
  readonly step: number;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Both stores, to run sequences on, each on a new pair of files. `await using` removes them. */
export interface Arena extends AsyncDisposable {
  /** Undefined where all answers, codes and in the end all rows are equal. */
  run(steps: readonly Step[]): Promise<Difference | undefined>;
  /** How often the engine gave which code, by RPC. */
  readonly codes: ReadonlyMap<RpcName, ReadonlyMap<string, number>>;
}

/** Starts the engine and makes a store of each kind by the steps of `setup`, of which every sequence gets a copy. */
export async function openArena(setup: readonly Step[]): Promise<Arena> {
  // In memory: what is compared is not how long a disk takes.
  const folder = mkdtempDisposableSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'differential-'));
  const engine = await startEnginePipe();
  const codes = new Map<RpcName, Map<string, number>>();
  const files = { ours: join(folder.path, 'ours.sqlite'), theirs: join(folder.path, 'theirs.sqlite') };
  const ready = await prepare(folder.path, engine, setup);
  return {
    codes,
    async run(steps) {
      for (const file of Object.values(files))
        for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      copyFileSync(ready.ours, files.ours);
      copyFileSync(ready.theirs, files.theirs);
      await engine.open(files.theirs);
      const database = openDatabase(files.ours);
      const times: number[] = [];
      const store = createEmbeddedStore(database);
      const difference = await runSteps({ store, engine, codes, times }, steps);
      await database.close();
      return difference ?? compareFiles(files, times);
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      folder.remove();
    },
  };
}

async function prepare(folder: string, engine: EnginePipe, setup: readonly Step[]) {
  const files = { ours: join(folder, 'ours-ready.sqlite'), theirs: join(folder, 'theirs-ready.sqlite') };
  const database = openDatabase(files.ours);
  await database.write(initialize);
  const store = createEmbeddedStore(database);
  await engine.open(files.theirs);
  for (const { rpc, request } of setup) {
    const outcomes = [await callOurs(store, rpc, request), await callTheirs(engine, rpc, request)];
    if (outcomes.some(({ code }) => code !== 'OK')) throw new Error(`${rpc}: ${inspect(outcomes)}`);
  }
  await database.close();
  return files;
}

interface Match {
  readonly store: MetadataStore;
  readonly engine: EnginePipe;
  readonly codes: Map<RpcName, Map<string, number>>;
  /** When each step began. */
  readonly times: number[];
}

async function runSteps(match: Match, steps: readonly Step[]): Promise<Difference | undefined> {
  const { store, engine, codes, times } = match;
  const our: Side = { call: (rpc, request) => callOurs(store, rpc, request), answers: [], tokens: new Map() };
  const their: Side = { call: (rpc, request) => callTheirs(engine, rpc, request), answers: [], tokens: new Map() };
  for (const [index, step] of steps.entries()) {
    const { rpc } = step;
    const ourRequest = await resolve(our, step);
    const theirRequest = await resolve(their, step);
    times.push(await nextMillisecond());
    const [ours, theirs] = await Promise.all([our.call(rpc, ourRequest), their.call(rpc, theirRequest)]);
    note(our, rpc, ourRequest, ours);
    note(their, rpc, theirRequest, theirs);
    const code = theirs.engineCode ?? theirs.code;
    const counts = codes.get(rpc) ?? new Map<string, number>();
    codes.set(rpc, counts.set(code, (counts.get(code) ?? 0) + 1));
    const found = compare(rpc, ourRequest, ours, theirs, times);
    if (found) return { step: index, ...found };
  }
  return undefined;
}

/** Waits for the next millisecond, so that times tell the steps apart. */
async function nextMillisecond(): Promise<number> {
  const last = Date.now();
  while (Date.now() <= last) await new Promise(setImmediate);
  return Date.now();
}

function note({ answers, tokens }: Side, rpc: RpcName, request: object, { answer }: Outcome): void {
  answers.push(answer);
  if (typeof answer !== 'object' || answer === null || !('nextPageToken' in answer) || !('options' in request)) return;
  // Pages by time of the last update are documented to differ.
  if (isByUpdateTime(request)) return;
  tokens.set(rpc, { options: request.options, token: String(answer.nextPageToken ?? '') });
}

function compare(rpc: RpcName, request: object, ours: Outcome, theirs: Outcome, times: readonly number[]) {
  const order = unorderedIn(rpc, request);
  const left = { code: ours.code, answer: tidy(ours.answer, times, order) };
  const right = { code: theirs.code, answer: tidy(theirs.answer, times, order) };
  if (isDeepStrictEqual(left, right)) return undefined;
  return { ours: { ...left, message: ours.message }, theirs: { ...right, message: theirs.message } };
}

/** Where the C++ engine's answers have no order, or one that depends on the clock. */
function unorderedIn(rpc: RpcName, request: object): Unordered {
  if (rpc === 'getLineageSubgraph' || rpc === 'getLineageGraph' || rpc === 'getArtifactsByUri') return 'all';
  if (rpc.startsWith('getEvents')) return 'events';
  return isByUpdateTime(request) ? 'all' : 'none';
}

function isByUpdateTime(request: object): boolean {
  return JSON.stringify(request, (_key, value) => (typeof value === 'bigint' ? '' : value)).includes('"field":2');
}

function compareFiles(files: { readonly ours: string; readonly theirs: string }, times: readonly number[]) {
  const [ours, theirs] = [files.ours, files.theirs].map((file) => {
    const database = new DatabaseSync(file, { readOnly: true, readBigInts: true });
    try {
      return readTables(database, times);
    } finally {
      database.close();
    }
  });
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  const differ = Object.keys(ours ?? {}).filter((table) => !isDeepStrictEqual(ours?.[table], theirs?.[table]));
  const only = (tables: typeof ours) => Object.fromEntries(differ.map((table) => [table, tables?.[table]]));
  return { step: times.length, ours: only(ours), theirs: only(theirs) };
}
