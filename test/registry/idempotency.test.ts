import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';

import { OPEN_POLICY } from '../../src/auth/open-policy.ts';
import { openFile } from '../../src/mlmd/embedded/open.ts';
import { createEmbeddedStore } from '../../src/mlmd/embedded/store.ts';
import { createLog } from '../../src/observe.ts';
import { startGateway } from '../../src/server.ts';
import { openHarness, post } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { openRegistry, toRegistry } from './rig.ts';

const HOUR_MS = 60 * 60 * 1_000;

/** A gateway over the embedded store whose answers grow old by a clock of the test's. */
async function openTimed() {
  const harness = await openHarness();
  const clock = { now: Date.now() };
  const { database } = await openFile(harness.file);
  const store = createEmbeddedStore(database, () => clock.now);
  const gateway = await startGateway({
    ...{
      store,
      host: '127.0.0.1',
      port: 0,
      loopback: true,
      policy: OPEN_POLICY,
      timeoutMs: 30_000,
      log: createLog('silent'),
    },
  });
  return {
    ...toRegistry({ url: gateway.url, store }),
    url: gateway.url,
    clock,
    keys: () => {
      using file = new DatabaseSync(harness.file, { readOnly: true });
      return file
        .prepare('SELECT key FROM modelgraph_idempotency ORDER BY key')
        .all()
        .map(({ key }) => key);
    },
    names: async () => (await store.getContexts({})).contexts.map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await store.close();
      await harness[Symbol.asyncDispose]();
    },
  };
}

test('the same key with the same input has the first answer, and nothing is done again', async () => {
  await using timed = await openTimed();
  await timed.do('createRegisteredModel', { name: 'm' });
  await timed.do('archiveRegisteredModel', { databaseId: '1' });
  const input = { registeredModelId: '1', name: 'v', idempotencyKey: 'k' };
  const first = await timed.do('createModelVersion', input);
  expect(first.warnings).toHaveLength(1);
  await timed.do('restoreRegisteredModel', { databaseId: '1' });
  for (const _again of [1, 2]) expect(await timed.do('createModelVersion', input)).toEqual(first);
  expect(await timed.names()).toEqual(['m', '1:v']);
  // Without a name each would be another one.
  const random = { experimentId: '3', idempotencyKey: 'random' };
  await timed.do('createExperiment', { name: 'e' });
  for (const _again of [1, 2, 3]) await timed.do('createExperimentRun', random);
  expect(await timed.names()).toHaveLength(4);
  const log = { experimentRunId: '4', metrics: [{ name: 'a', value: 1 }], idempotencyKey: 'log' };
  for (const _again of [1, 2, 3]) await timed.do('logRun', log);
  expect((await timed.store.getArtifactsByType({ typeName: 'kf.MetricHistory' })).artifacts).toHaveLength(1);
  const upsert = { parentId: '4', metric: { name: 'b', value: 1 }, idempotencyKey: 'upsert' };
  for (const _again of [1, 2]) expect((await timed.do('upsertArtifact', upsert)).created).toBe(true);
});

test('many at once are done once', async () => {
  await using timed = await openTimed();
  await timed.do('createExperiment', { name: 'e' });
  const input = { experimentId: '1', idempotencyKey: 'k' };
  await Promise.all(Array.from({ length: 20 }, () => timed.do('createExperimentRun', input)));
  expect(await timed.names()).toHaveLength(2);
});

test('a key is not used with another input, nor with another mutation', async () => {
  await using timed = await openTimed();
  await timed.do('createRegisteredModel', { name: 'm', idempotencyKey: 'k' });
  for (const [name, input] of [
    ['createRegisteredModel', { name: 'n' }],
    ['createRegisteredModel', { name: 'm', description: null }],
    ['createExperiment', { name: 'm' }],
    ['archiveRegisteredModel', { databaseId: '1' }],
  ] as const) {
    const refused = await timed.refused(name, { ...input, idempotencyKey: 'k' });
    expect(refused).toMatchObject([{ code: 'KEY_REUSED', field: ['idempotencyKey'] }]);
  }
  expect(await timed.names()).toEqual(['m']);
});

test('the order of fields does not matter, nor whether they are written as literals', async () => {
  await using timed = await openTimed();
  const properties = [
    { name: 'p', value: { intValue: '5' } },
    { name: 's', value: { structValue: { a: 1, b: { c: [2], d: 3 } } } },
  ];
  const started = '2024-02-20T06:06:37.765Z';
  await timed.do('createExperiment', { name: 'e' });
  const input = { experimentId: '1', name: 'r', startTime: started, customProperties: properties, idempotencyKey: 'k' };
  await timed.do('createExperimentRun', input);
  await timed.do('createExperimentRun', Object.fromEntries(Object.entries(input).reverse()));
  const query = `mutation { createExperimentRun(input: { experimentId: 1, name: "r", startTime: "${started}",
    customProperties: [{ name: "p", value: { intValue: 5 } }, { name: "s", value: { structValue: { b: { d: 3, c: [2] }, a: 1 } } }],
    idempotencyKey: "k" }) { userErrors { code } } }`;
  const literal = await post(timed.url, { query });
  expect(literal.data).toEqual({ createExperimentRun: { userErrors: [] } });
  expect(await timed.names()).toEqual(['e', '1:r']);
});

test('what was refused is not kept', async () => {
  await using timed = await openTimed();
  const input = { registeredModelId: '1', name: 'v', idempotencyKey: 'k' };
  expect(await timed.refused('createModelVersion', input)).toMatchObject([{ code: 'NOT_FOUND' }]);
  await timed.do('createRegisteredModel', { name: 'm' });
  await timed.do('createModelVersion', input);
  expect(timed.keys()).toEqual(['k']);
});

test('an answer is kept for 24 hours, and then removed when another comes', async () => {
  await using timed = await openTimed();
  const input = { name: 'e', idempotencyKey: 'old' };
  await timed.do('createExperiment', input);
  timed.clock.now += 24 * HOUR_MS - 1;
  await timed.do('createExperiment', input);
  timed.clock.now += 1;
  expect(await timed.refused('createExperiment', input)).toMatchObject([{ code: 'NAME_TAKEN', databaseId: '1' }]);
  expect(timed.keys()).toEqual(['old']);
  await timed.do('createExperiment', { name: 'f', idempotencyKey: 'new' });
  expect(timed.keys()).toEqual(['new']);
});

test('the object of a repeated answer is the one of now', async () => {
  await using timed = await openTimed();
  const query = `mutation { createExperiment(input: { name: "e", idempotencyKey: "k" }) { experiment { __typename } } }`;
  const ask = () => post(timed.url, { query });
  const first = await ask();
  await timed.do('updateExperiment', { databaseId: '1', description: 'later' });
  expect((await ask()).data).toEqual(first.data);
});

test.each([
  ['', 'It may not be empty.'],
  ['k'.repeat(256), 'may have 255'],
])('a key that cannot be kept is refused', async (idempotencyKey, words) => {
  await using registry = await openRegistry('embedded');
  const refused = await registry.refused('createExperiment', { name: 'e', idempotencyKey });
  expect(refused).toMatchObject([
    { code: 'INVALID_VALUE', field: ['idempotencyKey'], message: expect.stringContaining(words) },
  ]);
});

test('no table is made without a key', async () => {
  await using registry = await openRegistry('embedded');
  await registry.do('createExperiment', { name: 'e' });
  using file = new DatabaseSync(registry.harness.file, { readOnly: true });
  expect(file.prepare("SELECT name FROM sqlite_master WHERE name LIKE '%idempotency%'").all()).toEqual([]);
});

test.skipIf(requireReference())('over a remote store a key is refused, never ignored', async () => {
  await using registry = await openRegistry('remote');
  const refused = await registry.refused('createExperiment', { name: '', idempotencyKey: 'k' });
  expect(refused.map(({ code, field }) => [code, field])).toEqual([
    ['INVALID_VALUE', ['name']],
    ['IDEMPOTENCY_UNSUPPORTED', ['idempotencyKey']],
  ]);
  expect((await registry.store.getContexts({})).contexts).toEqual([]);
});
