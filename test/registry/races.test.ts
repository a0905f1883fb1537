import { describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { type Shared, startGateways } from './gateways.ts';
import { type Registry, rowOf, type Told, toRegistry } from './rig.ts';

const SHARED: readonly Shared[] = ['a C++ engine', 'a served file', 'a file'];
const kinds = SHARED.filter((shared) => shared !== 'a C++ engine' || !requireReference());

/** So many attempts at once, through the gateways in turn. */
function atOnce<T>(
  registries: readonly Registry[],
  count: number,
  attempt: (registry: Registry, index: number) => Promise<T>,
) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const registry = registries[index % registries.length];
      if (!registry) throw new Error('there is no gateway');
      return attempt(registry, index);
    }),
  );
}

/** Expects that one was made and all others heard which. */
function expectOneOf(all: readonly Told[], winner: bigint | undefined): void {
  expect(all.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  const losers = all.flatMap(({ userErrors }) => userErrors);
  expect(losers).toHaveLength(all.length - 1);
  expect(new Set(losers.map(({ code, databaseId }) => `${code} ${databaseId}`))).toEqual(
    new Set([`NAME_TAKEN ${winner}`]),
  );
}

describe.each(kinds)('two gateways on %s', (shared) => {
  test('64 creates of one name at once make one, and all others hear which', async () => {
    await using gateways = await startGateways(shared);
    const { store, urls } = gateways;
    const both = urls.map((url) => toRegistry({ url, store }));
    const models = await atOnce(both, 64, (registry, index) =>
      registry.try('createRegisteredModel', { name: 'm', owner: `${index}` }),
    );
    const model = await rowOf(store, 'kf.RegisteredModel', 'm');
    expectOneOf(models, model?.id);
    expect(model?.properties.get('owner')?.stringValue).toBe(
      String(models.findIndex((told) => told.userErrors.length === 0)),
    );

    const registeredModelId = String(model?.id);
    const versions = await atOnce(both, 64, (registry, index) =>
      registry.try('createModelVersion', { registeredModelId, name: 'v', author: `${index}` }),
    );
    const version = await rowOf(store, 'kf.ModelVersion', `${registeredModelId}:v`);
    expectOneOf(versions, version?.id);
    const { contexts: parents } = await store.getParentContextsByContext({ contextId: version?.id });
    expect(parents.map(({ id }) => id)).toEqual([model?.id]);
    const winner = versions.findIndex((told) => told.userErrors.length === 0);
    expect(version?.properties.get('author')?.stringValue).toBe(String(winner));

    const artifacts = await atOnce(both, 64, (registry) =>
      registry.try('createModelArtifact', { parentId: String(version?.id), name: 'a' }),
    );
    expectOneOf(artifacts, (await rowOf(store, 'kf.ModelArtifact', `${version?.id}:a`))?.id);
    expect((await store.getContexts({})).contexts).toHaveLength(2);
    expect((await store.getArtifacts({})).artifacts).toHaveLength(1);
  });

  test('each value that is logged at once is in the history, and each upsert is of the same artifact', async () => {
    await using gateways = await startGateways(shared);
    const { store, urls } = gateways;
    const both = urls.map((url) => toRegistry({ url, store }));
    await both[0]?.do('createExperiment', { name: 'e' });
    await both[0]?.do('createExperimentRun', { experimentId: '1', name: 'r' });
    await atOnce(both, 16, (registry, index) =>
      registry.do('logRun', { experimentRunId: '2', metrics: [{ name: 'loss', value: index }] }),
    );
    const created = await atOnce(both, 8, (registry, index) =>
      registry.do('upsertArtifact', { parentId: '2', parameter: { name: 'lr', value: `${index}` } }),
    );
    expect(created.filter((told) => told.created)).toHaveLength(1);
    const { artifacts } = await store.getArtifacts({});
    const values = artifacts
      .filter(({ type }) => type === 'kf.MetricHistory')
      .map(({ properties }) => properties.get('value')?.doubleValue);
    expect(values.toSorted((one = 0, other = 0) => one - other)).toEqual(
      Array.from({ length: 16 }, (_, index) => index),
    );
    expect(artifacts.filter(({ type }) => type !== 'kf.MetricHistory')).toHaveLength(2);
  });

  test('20 recordings of one external id at once make one execution, with its types and all that belongs to it', async () => {
    await using gateways = await startGateways(shared);
    const { store, urls } = gateways;
    const both = urls.map((url) => toRegistry({ url, store }));
    const properties = [{ name: 'p', value: { intValue: 1 } }];
    const told = await atOnce(both, 20, (registry) =>
      registry.do('recordExecution', {
        ...{ type: 'T', externalId: 'x', properties },
        outputs: [{ key: 'k', artifact: { type: 'A', uri: 's3://a', properties } }],
        contexts: [{ context: { type: 'C', name: 'c', properties } }],
      }),
    );
    expect(told.filter(({ created }) => created)).toHaveLength(1);
    const { executions } = await store.getExecutions({});
    expect((await store.getArtifacts({})).artifacts).toHaveLength(1);
    expect((await store.getContexts({})).contexts).toHaveLength(1);
    const { events } = await store.getEventsByExecutionIDs({ executionIds: executions.flatMap(({ id }) => id ?? []) });
    expect([executions.length, events.length]).toEqual([1, 1]);
    const { executionTypes } = await store.getExecutionTypes({});
    expect(executionTypes.filter(({ name }) => name === 'T')).toHaveLength(1);
  });
});
