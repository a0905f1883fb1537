import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';

import { OPEN_POLICY } from '../src/auth/open-policy.ts';
import { openStore } from '../src/mlmd/open.ts';
import { createLog } from '../src/observe.ts';
import { startGateway } from '../src/server.ts';
import { putChain } from './fill.ts';
import { post } from './harness.ts';

test('a failed store call is an error on its field, never an empty list', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const db = join(folder, 'store.sqlite');
  const { store } = await openStore({ db });
  stack.defer(() => store.close());
  await putChain(store, 3);
  const options = {
    host: '127.0.0.1',
    port: 0,
    loopback: true,
    policy: OPEN_POLICY,
    timeoutMs: 30_000,
    log: createLog('silent'),
  };
  const gateway = await startGateway({ store, ...options });
  stack.defer(() => gateway.close());

  // Somebody else breaks the file under the running gateway.
  const other = new DatabaseSync(db);
  other.exec(
    'DROP TABLE Event; DROP TABLE Association; ALTER TABLE ParentContext RENAME COLUMN parent_context_id TO gone',
  );
  other.close();

  const { data, errors = [] } = await post(gateway.url, {
    query: `{
      artifacts(first: 2) { nodes { uri producedBy { nodes { id } } contexts { nodes { name } } } }
      context(databaseId: "1") { name executions { nodes { id } } parents { nodes { id } } artifacts { nodes { uri } } }
    }`,
  });
  expect(data).toEqual({
    artifacts: {
      nodes: [
        { uri: 'thing/0', producedBy: null, contexts: { nodes: [{ name: 'group 0' }] } },
        { uri: 'thing/1', producedBy: null, contexts: { nodes: [{ name: 'group 0' }] } },
      ],
    },
    context: {
      name: 'group 0',
      executions: null,
      parents: null,
      artifacts: { nodes: [{ uri: 'thing/0' }, { uri: 'thing/1' }, { uri: 'thing/2' }] },
    },
  });
  const places = errors.map(({ path, extensions }) => [path?.join('.'), extensions.code]);
  expect(places.sort()).toEqual([
    ['artifacts.nodes.0.producedBy', 'DATA_LOSS'],
    ['artifacts.nodes.1.producedBy', 'DATA_LOSS'],
    ['context.executions', 'DATA_LOSS'],
    ['context.parents', 'INTERNAL_SERVER_ERROR'],
  ]);
  expect(JSON.stringify(errors)).not.toMatch(/no such|SELECT|Event\b|parent_context_id/);
});
