import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';

import { requireCluster } from './cluster/require.ts';
import { requireReference } from './reference/require.ts';

// Beside other tests a bench that does all once may take minutes.
vi.setConfig({ testTimeout: 300_000 });

const missing = requireReference();

/** What a bench prints when it does everything once on little data. It throws where its ways do not agree. */
async function smoke(name: string): Promise<string> {
  const file = fileURLToPath(new URL(`../bench/${name}.ts`, import.meta.url));
  const env = { ...process.env, MODELGRAPH_BENCH_SMOKE: '1' };
  return (await promisify(execFile)(process.execPath, [file], { env })).stdout;
}

/** The first cells of a table's rows, without its head. */
function rowNames(output: string): string[] {
  return [...output.matchAll(/^\| (\S.*?) +\|.*\d\.\d\d.*\|$/gm)].map(([, name]) => name ?? '');
}

test('bench:graphql compares three servers that give the same answer', async () => {
  const output = await smoke('graphql');
  expect(rowNames(output)).toEqual([
    expect.stringMatching(/as shipped/),
    expect.stringMatching(/graphql-js/),
    expect.stringMatching(/graphql-jit/),
  ]);
  expect(output).toContain('All servers give the same answer.');
});

test('bench:provenance compares ways to the same answer, those over gRPC only where the C++ engine is', async () => {
  const output = await smoke('provenance');
  const overGrpc = ['raw grpc-js, naive N+1', 'raw grpc-js, batched per level', 'GraphQL, over gRPC'];
  const ways = [...(missing ? [] : overGrpc), 'GraphQL, embedded store'];
  expect(rowNames(output)).toEqual([...ways, ...ways]);
  expect(output).toContain(missing ? 'Without the rows over gRPC' : 'All ways give the same answer.');
});

test('bench:store compares the same calls in the C++ engine and in our store, which answer alike', async () => {
  const output = await smoke('store');
  const calls = rowNames(output).map((name) => name.split(/[ ,:]/)[0]);
  expect(new Set(calls)).toEqual(
    new Set([
      'GetArtifactsByID',
      'GetContextsByType',
      'GetContextByTypeAndName',
      'GetArtifactsByType',
      'GetEventsByArtifactIDs',
      'GetContextsByArtifact',
      'GetLineageSubgraph',
      'PutArtifacts',
      'PutExecution',
    ]),
  );
  expect(output).toContain('16 writers at once');
  expect(output).toContain(missing ? 'Without the C++ engine' : 'Both sides give the same answers.');
});

test('bench:loop watches the event loop and /healthz under each load', async () => {
  const output = await smoke('loop');
  expect(rowNames(output)).toEqual([
    'no reads',
    'gRPC, 1 client',
    'gRPC, 4 clients',
    'GraphQL, 1 client',
    'gRPC, 4 clients, and GraphQL, 2',
  ]);
  const answered = [...output.matchAll(/(\d+) \|$/gm)].map(([, reads]) => Number(reads));
  expect(answered[0]).toBe(0);
  expect(Math.min(...answered.slice(1))).toBeGreaterThan(0);
  expect(output).toContain('aim: below 50 ms');
});

test('bench:registry compares a page with its calls alone, over gRPC only where the C++ engine is', async () => {
  const output = await smoke('registry');
  const stores = ['embedded store', ...(missing ? [] : ['C++ engine'])];
  expect(rowNames(output)).toEqual(stores.flatMap((store) => [`the calls alone, ${store}`, `GraphQL, ${store}`]));
  expect(output).toContain(missing ? 'Without the C++ engine' : 'Both stores give the same answer.');
});

test('bench:rest measures each kind of request at two sizes', async () => {
  const output = await smoke('rest');
  const names = rowNames(output);
  expect(names).toHaveLength(2 * 9 * 3);
  expect(names.filter((name) => name === '— in GraphQL')).toHaveLength(2 * 9);
  expect(output.match(/to that of the executor alone: .* x \(aim: at most 1\.50 x\)/g)).toHaveLength(2);
});

test('bench:lineage compares ways to the same closures, those of the C++ engine only where it is', async () => {
  const output = await smoke('lineage');
  const ours = ['raw recursive SQL', 'the walk, embedded store', 'GraphQL, embedded store'];
  const engines = missing ? [] : ['the C++ engine’s own calls', 'the walk, over gRPC'];
  const closure = [...ours, ...engines];
  // Two sizes, with and without the registry's types.
  expect(rowNames(output)).toEqual([...closure, ...closure, ...closure, ...closure]);
  expect(output).toContain(missing ? 'Without the C++ engine' : 'All ways find the same nodes and links.');
});

test('bench:cli compares a command with Node alone, and with the same request', async () => {
  const output = await smoke('cli');
  expect(rowNames(output)).toEqual(
    expect.arrayContaining([
      'node -e 0',
      'node -e, the request by fetch',
      'modelgraph models list',
      'modelgraph version',
    ]),
  );
  expect(output).toContain('All ways give the same models.');
});

// A cluster and Authorino start in it.
test('bench:auth compares all modes, those of a cluster only where its tools are built', async () => {
  const output = await smoke('auth');
  const modes = [
    '`none`',
    '`none` with a roles file',
    '`proxy` with a roles file',
    '`jwt` with a roles file',
    '— who does not see everything',
  ];
  const inCluster = ['`kubernetes`, kept', '`kubernetes`, asked anew', '`authorino`, kept', '`authorino`, asked anew'];
  expect(rowNames(output)).toEqual([...modes, ...(requireCluster() ? [] : inCluster)]);
});

test('bench:audit compares changes with and without lines of audit, of one writer and of many', async () => {
  const output = await smoke('audit');
  const ways = ['no audit log', 'lines in the store', 'lines in the store and a file'];
  expect(rowNames(output)).toEqual([...ways, ...ways]);
});

test('bench:observe compares gateways that are watched with one that is not', async () => {
  const output = await smoke('observe');
  const requests = ['REST, model by id', 'GraphQL, three levels'];
  expect(rowNames(output)).toEqual(
    requests.flatMap((request) => ['unwatched', 'with metrics', 'with traces'].map((way) => `${request}, ${way}`)),
  );
});
