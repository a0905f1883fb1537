import { ok } from 'node:assert';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { type Delay, startChild } from './loop/child.ts';
import { SMOKE } from './rounds.ts';
import { type Written, writeFile } from './store/file.ts';
import { milliseconds, printTable, printTitle } from './table.ts';

const SIZE = SMOKE
  ? { graph: { models: 2, versionsEach: 2, datasets: 5 }, lists: [] }
  : { graph: { models: 200, versionsEach: 10, datasets: 6_800 }, lists: [] };

/** How long each load is watched, in milliseconds, and how long it runs before: the code has to be compiled. */
const WATCH_MS = SMOKE ? 250 : 10_000;
const WARM_UP_MS = SMOKE ? 250 : 5_000;

/** Clients over gRPC and GraphQL, each of which asks for 1,000 nodes with all properties as soon as it is answered. */
const LOADS = [
  { name: 'no reads', grpc: 0, graphql: 0 },
  { name: 'gRPC, 1 client', grpc: 1, graphql: 0 },
  { name: 'gRPC, 4 clients', grpc: 4, graphql: 0 },
  { name: 'GraphQL, 1 client', grpc: 0, graphql: 1 },
  { name: 'gRPC, 4 clients, and GraphQL, 2', grpc: 4, graphql: 2 },
];

/** The event loop's delay at most, at the 99th percentile, in milliseconds. */
const AIM = 50;

using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
const db = join(folder.path, 'loop.sqlite');
const file = await writeFile(db, SIZE);
const rows: (readonly [string, Watched])[] = [];
for (const load of LOADS) rows.push([load.name, await watch(load, file)]);
report();

interface Watched {
  readonly loop: Delay;
  readonly healthz: Delay;
  /** Reads of 1,000 nodes per second. */
  readonly reads: number;
}

async function watch({ grpc, graphql }: (typeof LOADS)[number], { artifacts }: Written): Promise<Watched> {
  await using server = await startChild<{ url: string; address: string }, Delay>('server.ts', [db]);
  const { url, address } = server.started;
  await using clients = await startChild<string, number>(
    'clients.ts',
    [url, address, grpc, graphql, artifacts].map(String),
  );
  await probe(url, WARM_UP_MS);
  await server.ask();
  await clients.ask();
  const begun = performance.now();
  const healthz = await probe(url, WATCH_MS);
  const reads = ((await clients.ask()) * 1_000) / (performance.now() - begun);
  return { loop: await server.ask(), healthz, reads };
}

/** Asks /healthz a hundred times a second, one at a time. */
async function probe(url: string, duration: number): Promise<Delay> {
  const times: number[] = [];
  const end = performance.now() + duration;
  while (performance.now() < end) {
    const begun = performance.now();
    const response = await fetch(`${url}/healthz`);
    ok((await response.text()).includes('ok'));
    times.push(performance.now() - begun);
    await setTimeout(10);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function report(): void {
  printTitle(`bench:loop — ${file.nodes} nodes; reads of 1,000 artifacts with all properties, ms`, '10 s each');
  printTable(
    ['load', 'loop p50', 'p99', 'max', '/healthz p50', 'p99', 'max', 'reads/s'],
    rows.map(([name, { loop, healthz, reads }]) => [
      name,
      ...[loop.p50, loop.p99, loop.max, healthz.p50, healthz.p99, healthz.max].map(milliseconds),
      reads.toFixed(0),
    ]),
  );
  const worst = Math.max(...rows.map(([, { loop }]) => loop.p99));
  console.log(`\nThe largest p99 of the loop's delay is ${milliseconds(worst)} ms (aim: below ${AIM} ms).`);
}
