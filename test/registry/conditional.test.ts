import { describe, expect, test } from 'vitest';

import { post } from '../harness.ts';
import { KINDS, openRegistry, type Registry, rowOf } from './rig.ts';

async function timeOf(registry: Registry, type: string, name: string): Promise<string> {
  const time = (await rowOf(registry.store, type, name))?.lastUpdateTimeSinceEpoch;
  return new Date(Number(time)).toISOString();
}

describe.each(KINDS)('on the %s store', (kind) => {
  const exact = kind === 'embedded';

  test('a change is made only to what is as it was', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createExperiment', { name: 'e' });
    const ifLastUpdateTime = await timeOf(registry, 'kf.Experiment', 'e');
    const told = await registry.do('updateExperiment', { databaseId: '1', description: 'a', ifLastUpdateTime });
    expect(told.conditional).toBe(exact ? 'EXACT' : 'BEST_EFFORT');
    const stale = { databaseId: '1', description: 'b', ifLastUpdateTime };
    for (const name of ['updateExperiment', 'archiveExperiment', 'restoreExperiment']) {
      const input = name === 'updateExperiment' ? stale : { databaseId: '1', ifLastUpdateTime };
      expect(await registry.refused(name, input)).toMatchObject([{ code: 'CONFLICT', field: ['ifLastUpdateTime'] }]);
    }
    const row = await rowOf(registry.store, 'kf.Experiment', 'e');
    expect(row?.properties.get('description')).toMatchObject({ stringValue: 'a' });
    const now = await timeOf(registry, 'kf.Experiment', 'e');
    const archived = await registry.do('archiveExperiment', { databaseId: '1', ifLastUpdateTime: now });
    expect(archived.conditional).toBe(exact ? 'EXACT' : 'BEST_EFFORT');
    const unconditional = await registry.do('restoreExperiment', { databaseId: '1' });
    expect(unconditional.conditional).toBeNull();
  });

  test('a deployment, too, is changed only as it was', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm' });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await registry.do('createServingEnvironment', { name: 'e' });
    await registry.do('createInferenceService', { servingEnvironmentId: '3', name: 's', registeredModelId: '1' });
    await registry.do('createServeModel', { inferenceServiceId: '4', name: 'd', modelVersionId: '2' });
    const first = await timeOf(registry, 'kf.ServeModel', '4:d');
    // Over the C++ engine two changes within a millisecond have one time.
    while (Date.now() <= Date.parse(first)) await new Promise((resolve) => setTimeout(resolve, 1));
    const change = { databaseId: '1', lastKnownState: 'RUNNING', ifLastUpdateTime: first };
    const told = await registry.do('updateServeModel', change);
    expect(told.conditional).toBe(exact ? 'EXACT' : 'BEST_EFFORT');
    const second = await timeOf(registry, 'kf.ServeModel', '4:d');
    expect(Date.parse(second)).toBeGreaterThan(Date.parse(first));
    const stale = { ...change, lastKnownState: 'FAILED' };
    expect(await registry.refused('updateServeModel', stale)).toMatchObject([{ code: 'CONFLICT' }]);
    const archive = { databaseId: '1', ifLastUpdateTime: first };
    expect(await registry.refused('archiveServeModel', archive)).toMatchObject([{ code: 'CONFLICT' }]);
    await registry.do('updateServeModel', { ...stale, ifLastUpdateTime: second });
    const row = await rowOf(registry.store, 'kf.ServeModel', '4:d');
    expect(row).toMatchObject({ lastKnownState: 4 });
  });

  test('of many changes at once to an artifact as it was, one is made', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createModelArtifact', { name: 'a' });
    const [artifact] = (await registry.store.getArtifacts({})).artifacts;
    const ifLastUpdateTime = new Date(Number(artifact?.lastUpdateTimeSinceEpoch)).toISOString();
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        registry.try('updateModelArtifact', { databaseId: '1', uri: `s3://${index}`, ifLastUpdateTime }),
      ),
    );
    expect(all.filter(({ conditional }) => conditional === 'EXACT')).toHaveLength(1);
    const codes = all.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array(11).fill('CONFLICT'));
  });
});

test.each([
  ['Experiment', { name: 'n' }],
  ['ModelArtifact', { name: 'n' }],
  ['ServeModel', { inferenceServiceId: '4', modelVersionId: '2' }],
])(
  'the embedded store moves the time of a %s with each change, however many come in a millisecond',
  async (noun, input) => {
    await using registry = await openRegistry('embedded');
    await registry.do('createRegisteredModel', { name: 'm' });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await registry.do('createServingEnvironment', { name: 'e' });
    await registry.do('createInferenceService', { servingEnvironmentId: '3', registeredModelId: '1' });
    const field = `${noun[0]?.toLowerCase()}${noun.slice(1)}`;
    const made = await post(registry.harness.url, {
      query: `mutation ($input: Create${noun}Input!) { create${noun}(input: $input) { ${field} { databaseId } } }`,
      variables: { input },
    });
    const { databaseId } = made.data[`create${noun}`][field];
    const aliases = Array.from({ length: 10 }, (_, index) => {
      const change = `databaseId: "${databaseId}", description: "${index}"`;
      return `u${index}: update${noun}(input: { ${change} }) { ${field} { lastUpdateTime } }`;
    });
    const { data } = await post(registry.harness.url, { query: `mutation { ${aliases.join(' ')} }` });
    const times = aliases.map((_, index) => Date.parse(data[`u${index}`][field].lastUpdateTime));
    expect(new Set(times).size).toBe(10);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  },
);

test('of many changes at once to a context as it was, the embedded store makes one', async () => {
  await using registry = await openRegistry('embedded');
  await registry.do('createRegisteredModel', { name: 'm' });
  const ifLastUpdateTime = await timeOf(registry, 'kf.RegisteredModel', 'm');
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      registry.try('updateRegisteredModel', { databaseId: '1', owner: `${index}`, ifLastUpdateTime }),
    ),
  );
  expect(all.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
});
