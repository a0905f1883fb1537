import { strictEqual } from 'node:assert';

import { QUERY } from './graphql/toy.ts';
import { measure, SMOKE } from './rounds.ts';
import { startServerProcess } from './server-process.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

const AIM = 4;

const WAYS = [
  ['shipped', 'Apollo standalone, as shipped'],
  ['disabled', 'Apollo on Fastify, cache-control off, graphql-js'],
  ['gateway', 'the gateway: the same, graphql-jit behind our executor'],
] as const;

const BODY = JSON.stringify({ query: QUERY });

await using stack = new AsyncDisposableStack();
const servers = [];
for (const [kind, name] of WAYS) {
  servers.push({ name, server: stack.use(await startServerProcess('graphql/server.ts', [kind])) });
}

const answers = new Set<string>();
for (const { server } of servers) answers.add(JSON.stringify(JSON.parse(await server.post(BODY))));
strictEqual(answers.size, 1, 'the servers do not agree');

const measured = await measure(
  servers.map(({ name, server }) => ({
    name,
    runs: SMOKE ? 2 : 150,
    run: () => server.post(BODY),
    cpu: server.cpu,
  })),
);

printTitle('bench:graphql — 500 objects of 6 fields behind a DataLoader, one connection');
const base = measured[0] ?? { wall: 0, cpu: 0 };
printTable(
  ['server', 'CPU ms/request', 'gain', 'wall ms p50', 'gain'],
  measured.map(({ name, cpu, wall }) => [
    name,
    milliseconds(cpu),
    times(base.cpu / cpu),
    milliseconds(wall),
    times(base.wall / wall),
  ]),
);
console.log(`\nAll servers give the same answer. Aim: the gateway is at least ${AIM} x the first row.`);
