import { ok } from 'node:assert';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openAuditLog } from '../src/audit/audit-log.ts';
import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { openStore } from '../src/mlmd/open.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { type Contender, measure, ownCpu, SMOKE } from './rounds.ts';
import { milliseconds, printTable, printTitle, times } from './table.ts';

/** What the audit log adds to a change: nobody, the store, or the store and a file keep its lines. */
const WAYS = ['no audit log', 'lines in the store', 'lines in the store and a file'] as const;

const CREATE = `mutation ($input: CreateRegisteredModelInput!) {
  createRegisteredModel(input: $input) { registeredModel { databaseId } userErrors { code } }
}`;

await using stack = new AsyncDisposableStack();
const folder = stack.adopt(mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-')), (made) => made.remove());

for (const writers of [1, 16]) {
  const contenders = await Promise.all(WAYS.map((way, index) => openWay(way, index, writers)));
  const measured = await measure(contenders);
  const [none] = measured;
  ok(none);
  printTitle(`createRegisteredModel over HTTP, ${writers} at a time, each answered when it is durable`);
  printTable(
    ['lines', 'ms for all', 'ratio', 'CPU ms for all', 'ratio'],
    measured.map(({ name, wall, cpu }) => [
      ...[name, milliseconds(wall), times(wall / none.wall)],
      ...[milliseconds(cpu), times(cpu / none.cpu)],
    ]),
  );
}

async function openWay(name: (typeof WAYS)[number], index: number, writers: number): Promise<Contender> {
  const log = createLog('silent');
  const { store } = await openStore({ db: join(folder.path, `${index}-${writers}.sqlite`) });
  const file = index === 2 ? join(folder.path, `audit-${writers}.log`) : undefined;
  const audit = index === 0 ? undefined : await openAuditLog({ store, log, file });
  const options = { host: '127.0.0.1', port: 0, loopback: true, policy: OPEN_POLICY, timeoutMs: 30_000, log };
  const gateway = await startGateway({ ...options, store, audit: audit?.record });
  stack.defer(async () => {
    await gateway.close();
    await audit?.close();
    await store.close();
  });
  let count = 0;
  const create = async () => {
    count += 1;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: CREATE, variables: { input: { name: `model ${count}` } } }),
    });
    const { data } = (await response.json()) as { data: { createRegisteredModel: { userErrors: object[] } } };
    ok(data.createRegisteredModel.userErrors.length === 0);
  };
  return {
    name,
    runs: SMOKE ? 1 : Math.ceil(200 / writers),
    run: () => Promise.all(Array.from({ length: writers }, create)),
    cpu: ownCpu,
  };
}
