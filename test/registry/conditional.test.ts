import { describe, expect, test } from 'vitest';

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
