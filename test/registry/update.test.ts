import { describe, expect, test } from 'vitest';

import { post } from '../harness.ts';
import { KINDS, openRegistry, plain, type Registry, rowOf } from './rig.ts';

/** What is stored of a row, its times left out. */
async function stored(registry: Registry, type: string, name: string) {
  const row = await rowOf(registry.store, type, name);
  return {
    ...row,
    ...{ createTimeSinceEpoch: undefined, lastUpdateTimeSinceEpoch: undefined },
    externalId: row?.externalId,
    properties: plain(row?.properties),
    customProperties: plain(row?.customProperties),
  };
}

async function timeOf(registry: Registry, type: string, name: string): Promise<bigint> {
  return (await rowOf(registry.store, type, name))?.lastUpdateTimeSinceEpoch ?? 0n;
}

describe.each(KINDS)('on the %s store', (kind) => {
  test('what is named changes, what is not stays, null clears', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', {
      ...{ name: 'm', externalId: 'x', description: 'd', owner: 'o', tasks: ['a'], language: ['en'] },
      customProperties: ['a', 'b', 'a.b', 'ü %'].map((name) => ({ name, value: { stringValue: name } })),
    });
    const before = await stored(registry, 'kf.RegisteredModel', 'm');
    await registry.do('updateRegisteredModel', {
      databaseId: '1',
      ...{ description: null, owner: 'p', tasks: ['b', 'c'], language: null, logo: '', externalId: null },
      setCustomProperties: [
        { name: 'a.b', value: { intValue: 1 } },
        { name: 'new one', value: { boolValue: true } },
      ],
      removeCustomProperties: ['a', 'ü %', 'not there'],
    });
    expect(await stored(registry, 'kf.RegisteredModel', 'm')).toEqual({
      ...before,
      externalId: undefined,
      properties: { owner: 'p', tasks: { tasks: ['b', 'c'] }, logo: '', state: 'LIVE' },
      customProperties: { b: 'b', 'a.b': 1n, 'new one': true },
    });
    await registry.do('updateRegisteredModel', { databaseId: '1', externalId: 'y' });
    expect(await stored(registry, 'kf.RegisteredModel', 'm')).toMatchObject({ externalId: 'y' });
  });

  test('a variable that is absent leaves its field as it is, however often the mutation came before', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm', description: 'd', owner: 'o' });
    const query = `mutation ($id: ID!, $description: String, $owner: String = "default") {
      updateRegisteredModel(input: { databaseId: $id, description: $description, owner: $owner }) {
        userErrors { message }
      }
    }`;
    for (const owner of ['p', 'q', 'r']) {
      const answer = await post(registry.harness.url, { query, variables: { id: '1', owner } });
      expect(answer.data).toEqual({ updateRegisteredModel: { userErrors: [] } });
      const { properties } = await stored(registry, 'kf.RegisteredModel', 'm');
      expect(properties).toEqual({ description: 'd', owner, state: 'LIVE' });
    }
    await post(registry.harness.url, { query, variables: { id: '1', description: null } });
    const { properties } = await stored(registry, 'kf.RegisteredModel', 'm');
    expect(properties).toEqual({ owner: 'default', state: 'LIVE' });
  });

  test('artifacts and deployments change their attributes, too', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm' });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await registry.do('createServingEnvironment', { name: 'e' });
    await registry.do('createInferenceService', {
      ...{ servingEnvironmentId: '3', name: 's', registeredModelId: '1', modelVersionId: '2' },
    });
    await registry.do('createServeModel', { inferenceServiceId: '4', name: 'd', modelVersionId: '2' });
    await registry.do('createModelArtifact', { parentId: '2', name: 'a', uri: 's3://a', state: 'LIVE' });
    await registry.do('updateModelArtifact', { databaseId: '1', uri: null, modelFormatName: 'onnx' });
    expect(await stored(registry, 'kf.ModelArtifact', '2:a')).toMatchObject({ uri: '', state: 2 });
    await registry.do('updateModelArtifact', { databaseId: '1', uri: 's3://b', state: 'DELETED' });
    expect(await stored(registry, 'kf.ModelArtifact', '2:a')).toMatchObject({
      ...{ uri: 's3://b', state: 4, properties: { model_format_name: 'onnx' } },
    });
    for (const [lastKnownState, number] of [
      ['NEW', 1],
      ['RUNNING', 2],
      ['COMPLETE', 3],
      ['FAILED', 4],
      ['CACHED', 5],
      ['CANCELED', 6],
      ['UNKNOWN', 0],
    ]) {
      await registry.do('updateServeModel', { databaseId: '1', lastKnownState });
      expect(await stored(registry, 'kf.ServeModel', '4:d')).toMatchObject({ lastKnownState: number });
    }
    await registry.do('updateInferenceService', { databaseId: '4', modelVersionId: null, desiredState: 'UNDEPLOYED' });
    expect((await stored(registry, 'kf.InferenceService', '3:s')).properties).toEqual({
      ...{ desired_state: 'UNDEPLOYED', registered_model_id: 1n, serving_environment_id: 3n },
    });
  });

  test.each([
    ['RegisteredModel', 'kf.RegisteredModel', 'r', { name: 'r' }, { properties: { state: 'ARCHIVED' } }],
    ['Experiment', 'kf.Experiment', 'e', { name: 'e' }, { properties: { state: 'ARCHIVED' } }],
    [
      'ServingEnvironment',
      'kf.ServingEnvironment',
      's',
      { name: 's' },
      { customProperties: { 'modelgraph.archived': true } },
    ],
  ])('archive%s is undone by restoring', async (noun, type, name, input, archived) => {
    await using registry = await openRegistry(kind);
    await registry.do(`create${noun}`, { ...input, description: 'd' });
    const before = await stored(registry, type, name);
    for (const _again of [1, 2]) await registry.do(`archive${noun}`, { databaseId: '1' });
    expect(await stored(registry, type, name)).toMatchObject(archived);
    for (const _again of [1, 2]) await registry.do(`restore${noun}`, { databaseId: '1' });
    expect(await stored(registry, type, name)).toEqual(before);
  });

  test('an archived artifact is abandoned, not given to others to delete', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createDocArtifact', { name: 'd' });
    await registry.do('archiveDocArtifact', { databaseId: '1' });
    const states = async () => (await registry.store.getArtifacts({})).artifacts.map(({ state }) => state);
    expect(await states()).toEqual([5]);
    await registry.do('restoreDocArtifact', { databaseId: '1' });
    expect(await states()).toEqual([2]);
  });

  test('20 updates of different fields and properties at once all survive', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm' });
    const fields = ['description', 'owner', 'provider', 'maturity', 'readme', 'logo', 'license', 'libraryName'];
    await Promise.all([
      ...fields.map((field) => registry.do('updateRegisteredModel', { databaseId: '1', [field]: field })),
      registry.do('updateRegisteredModel', { databaseId: '1', externalId: 'x' }),
      registry.do('archiveRegisteredModel', { databaseId: '1' }),
      ...Array.from({ length: 10 }, (_, index) =>
        registry.do('updateRegisteredModel', {
          databaseId: '1',
          setCustomProperties: [{ name: `p.${index}`, value: { intValue: index } }],
        }),
      ),
    ]);
    const row = await stored(registry, 'kf.RegisteredModel', 'm');
    expect(row.externalId).toBe('x');
    expect(Object.keys(row.properties)).toHaveLength(fields.length + 1);
    expect(row.properties['state']).toBe('ARCHIVED');
    expect(row.customProperties).toEqual(
      Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p.${index}`, BigInt(index)])),
    );
  });

  test('what changes nothing leaves the time of the last update, and writes nothing', async () => {
    await using registry = await openRegistry(kind);
    const { calls } = registry.harness;
    const same = { description: 'd', tasks: ['a'], externalId: 'x' };
    const property = { name: 'p', value: { structValue: { a: 1, b: [true] } } };
    await registry.do('createRegisteredModel', { name: 'm', ...same, customProperties: [property] });
    const before = await timeOf(registry, 'kf.RegisteredModel', 'm');
    calls.splice(0);
    await registry.do('updateRegisteredModel', { databaseId: '1' });
    await registry.do('updateRegisteredModel', { databaseId: '1', ...same, setCustomProperties: [property] });
    await registry.do('updateRegisteredModel', { databaseId: '1', owner: null, removeCustomProperties: ['q'] });
    await registry.do('restoreRegisteredModel', { databaseId: '1' });
    expect(calls.filter((call) => call.startsWith('Put'))).toEqual([]);
    expect(await timeOf(registry, 'kf.RegisteredModel', 'm')).toBe(before);
  });
});
