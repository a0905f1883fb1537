import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { post } from '../harness.ts';
import { addressOf, start } from '../process.ts';
import { startEngine } from '../reference/engine.ts';
import { requireReference } from '../reference/require.ts';
import { none } from '../registry-rows.ts';
import { plain, rowOf, send, toRegistry } from './rig.ts';

type Held = 'putParentContexts' | 'putContexts' | 'putLineageSubgraph' | 'putExecution';

/** A C++ engine, and a server in front of it that holds the calls, or the answers, of one RPC back while it is told to. */
async function openHeld(name: Held, what: 'calls' | 'answers') {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const engine = stack.use(await startEngine({ sqlite: join(folder, 'store.sqlite') }));
  const { store } = await openStore({ mlmd: `${engine.host}:${engine.port}` });
  stack.defer(() => store.close());
  const held = Promise.withResolvers<void>();
  const hold = { rpc: false };
  const proxied: MetadataStore = {
    ...store,
    [name]: async (request: never, call: never) => {
      if (what === 'answers' && hold.rpc) await store[name](request); // done, but nobody hears of it
      if (!hold.rpc) return store[name](request, call);
      held.resolve();
      return new Promise(() => undefined);
    },
  };
  const server = await serveMetadata({
    store: proxied,
    host: '127.0.0.1',
    port: 0,
    onFailure: () => undefined,
    drainMs: 0,
  });
  stack.defer(() => server.close());
  return {
    store,
    hold,
    held: held.promise,
    gateway: () => start(['serve', '--mlmd', `127.0.0.1:${server.port}`, '--port', '0']),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What readers see of a row that is called n: by itself, and in which lists it is, or is counted. */
async function readsOf(url: string, noun: string, databaseId: string) {
  const field = noun.replaceAll(/ ([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}`;
  const owner = { modelVersion: 'registeredModelId: 1', experimentRun: 'experimentId: 2' }[field];
  const rows = '{ totalCount nodes { name } }';
  const query = `query ($id: ID!, $node: ID!) {
    byId: ${field}(databaseId: $id) { name }
    byName: ${field}(name: "n", ${owner ?? 'servingEnvironmentId: 3'}) { name }
    context(databaseId: $id) { registered { name } }
    node(id: $node) { ... on ${type} { name } }
    all: ${field}s ${rows}
    filtered: ${field}s(where: { name: { eq: "n" } }) ${rows}
    model: registeredModel(databaseId: 1) { versions ${rows} inferenceServices ${rows} latestVersion { name } }
    experiment(databaseId: 2) { runs ${rows} }
    environment: servingEnvironment(databaseId: 3) { inferenceServices ${rows} }
    version: modelVersion(databaseId: 4) { inferenceServices ${rows} }
  }`;
  const node = Buffer.from(`Context:${databaseId}`).toString('base64url');
  const { data, errors } = await post(url, { query, variables: { id: databaseId, node } });
  expect(errors).toBeUndefined();
  const { byId, byName, context, node: asNode, all, filtered, model, experiment, environment, version } = data;
  const lists = {
    ...{ all, filtered, versions: model.versions, servedOfModel: model.inferenceServices, runs: experiment.runs },
    ...{ services: environment.inferenceServices, servedOfVersion: version.inferenceServices },
  };
  return {
    itself: [byId, byName, context.registered, asNode?.name && asNode, model.latestVersion].map((row) => row?.name),
    lists: Object.entries(lists).flatMap(([name, { totalCount, nodes }]) => {
      const others = nodes.filter((row: { name: string }) => row.name !== 'n').length;
      return totalCount === others && nodes.length === others ? [] : [name];
    }),
  };
}

describe.skipIf(requireReference()).each([
  [
    'model version',
    'createModelVersion',
    'kf.ModelVersion',
    { registeredModelId: '1', name: 'n' },
    { author: 'first' },
    { author: 'second' },
    ['versions'],
  ],
  [
    'experiment run',
    'createExperimentRun',
    'kf.ExperimentRun',
    { experimentId: '2', name: 'n' },
    { owner: 'first' },
    { owner: 'second' },
    ['runs'],
  ],
  [
    'inference service',
    'createInferenceService',
    'kf.InferenceService',
    { servingEnvironmentId: '3', registeredModelId: '1', name: 'n' },
    { runtime: 'first', modelVersionId: '4' },
    { runtime: 'second' },
    ['servedOfModel', 'services'],
  ],
] as const)(
  'a gateway that dies between the two writes of a new %s',
  (noun, create, type, input, first, second, lists) => {
    test('leaves nothing that is there, and the next create of the name takes it over', async () => {
      await using held = await openHeld('putParentContexts', 'calls');
      const { store } = held;
      await using doomed = held.gateway();
      const url = await addressOf(doomed);
      const before = toRegistry({ url, store });
      await before.do('createRegisteredModel', { name: 'm' });
      await before.do('createExperiment', { name: 'e' });
      await before.do('createServingEnvironment', { name: 's' });
      await before.do('createModelVersion', { registeredModelId: '1', name: 'other' });
      held.hold.rpc = true;
      const lost = send(url, create, { ...input, ...first, customProperties: [{ name: 'p', value: { intValue: 1 } }] });
      const outcome = expect(lost).rejects.toThrow();
      await held.held;
      doomed.kill('SIGKILL');
      await outcome;
      await doomed.ended();

      held.hold.rpc = false;
      await using gateway = held.gateway();
      const gatewayUrl = await addressOf(gateway);
      const after = toRegistry({ url: gatewayUrl, store });
      const storedName = `${Object.values(input)[0]}:n`;
      const half = await rowOf(store, type, storedName);
      const databaseId = String(half?.id);
      expect((await store.getParentContextsByContext({ contextId: half?.id })).contexts).toEqual([]);
      const shown = await readsOf(gatewayUrl, noun, databaseId);
      const newest = (name: string) => (noun === 'model version' ? name : 'other');
      expect(shown).toEqual({ itself: [...Array(4).fill(undefined), 'other'], lists: [] });
      for (const change of [create.replace('create', 'update'), create.replace('create', 'archive')]) {
        expect(await after.refused(change, { databaseId })).toMatchObject([
          { code: 'NOT_FOUND', field: ['databaseId'], message: `There is no ${noun} ${databaseId}.` },
        ]);
      }

      const holding = await store.putContexts({ contexts: [{ ...none, ...half, externalId: 'x' }] });
      expect(holding.contextIds).toEqual([half?.id]);
      expect(await after.refused('createExperiment', { name: 'another', externalId: 'x' })).toMatchObject([
        { code: 'EXTERNAL_ID_TAKEN', databaseId, message: expect.stringContaining(`'${storedName}'`) },
      ]);

      await after.do(create, { ...input, ...second });
      const row = await rowOf(store, type, storedName);
      expect(row?.id).toBe(half?.id);
      expect(Object.values(plain(row?.properties))).toContain('second');
      expect(Object.values(plain(row?.properties))).not.toContain('first');
      expect(plain(row?.properties)).not.toHaveProperty('model_version_id');
      expect(plain(row?.customProperties)).toEqual({});
      const { contexts: parents } = await store.getParentContextsByContext({ contextId: half?.id });
      expect(parents.map(({ id }) => String(id))).toEqual([Object.values(input)[0]]);
      expect(await after.refused(create, { ...input, ...first })).toMatchObject([{ code: 'NAME_TAKEN', databaseId }]);
      await after.do(create.replace('create', 'update'), { databaseId, description: 'there' });
      expect(await readsOf(gatewayUrl, noun, databaseId)).toEqual({
        itself: [...Array(4).fill('n'), newest('n')],
        lists: ['all', 'filtered', ...lists],
      });
    });
  },
);

describe.skipIf(requireReference())('when the answer was lost', () => {
  /** The rows that what is lost stands on: ids 1 to 6. */
  async function openLost(name: Held, mutation: string, input: Readonly<Record<string, unknown>>) {
    const held = await openHeld(name, 'answers');
    await using doomed = held.gateway();
    const url = await addressOf(doomed);
    const before = toRegistry({ url, store: held.store });
    await before.do('createRegisteredModel', { name: 'm' });
    await before.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await before.do('createExperiment', { name: 'e' });
    await before.do('createExperimentRun', { experimentId: '3', name: 'r' });
    await before.do('createServingEnvironment', { name: 's' });
    await before.do('createInferenceService', { servingEnvironmentId: '5', name: 'i', registeredModelId: '1' });
    held.hold.rpc = true;
    const lost = expect(send(url, mutation, input)).rejects.toThrow();
    await held.held;
    doomed.kill('SIGKILL');
    await lost;
    await doomed.ended();
    held.hold.rpc = false;
    const gateway = held.gateway();
    return {
      ...toRegistry({ url: await addressOf(gateway), store: held.store }),
      async [Symbol.asyncDispose]() {
        await gateway[Symbol.asyncDispose]();
        await held[Symbol.asyncDispose]();
      },
    };
  }

  test.each([
    ['putContexts', 'createRegisteredModel', 'kf.RegisteredModel', 'n', {}],
    ['putParentContexts', 'createModelVersion', 'kf.ModelVersion', '1:n', { registeredModelId: '1' }],
    ['putLineageSubgraph', 'createModelArtifact', 'kf.ModelArtifact', '2:n', { parentId: '2' }],
    ['putExecution', 'createServeModel', 'kf.ServeModel', '6:n', { inferenceServiceId: '6', modelVersionId: '2' }],
  ] as const)('of %s, a repeated %s is not made twice', async (rpc, mutation, type, storedName, needed) => {
    const input = { ...needed, name: 'n' };
    await using after = await openLost(rpc, mutation, input);
    const databaseId = await after.id(type, storedName);
    expect(await after.refused(mutation, input)).toMatchObject([{ code: 'NAME_TAKEN', databaseId }]);
  });

  test('a repeated logRun has its rows once, and its values once more in the history', async () => {
    const parameters = [{ name: 'lr', value: '1' }];
    const input = { experimentRunId: '4', metrics: [{ name: 'loss', value: 1 }], parameters };
    await using after = await openLost('putLineageSubgraph', 'logRun', input);
    await after.do('logRun', input);
    const { artifacts } = await after.store.getArtifacts({});
    const types = artifacts.map(({ type }) => type).sort();
    expect(types).toEqual(['kf.Metric', 'kf.MetricHistory', 'kf.MetricHistory', 'kf.Parameter']);
  });
});
