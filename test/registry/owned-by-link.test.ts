import { describe, expect, test } from 'vitest';

import { none } from '../registry-rows.ts';
import { KINDS, openRegistry, plain, rowOf } from './rig.ts';

/** Versions that other programs wrote: the link tells whose they are, the name tells nothing for sure. */
describe.each(KINDS)('on the %s store', (kind) => {
  async function openModels() {
    const registry = await openRegistry(kind);
    const { store } = registry;
    for (const name of ['one', 'two']) await registry.do('createRegisteredModel', { name });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'own' });
    const typeId = (await rowOf(store, 'kf.ModelVersion', '1:own'))?.typeId ?? 0n;
    return {
      ...registry,
      /** A version of this stored name that is linked to the second model, or to no one; its id. */
      async foreign(name: string, linked = true): Promise<string> {
        const properties = new Map([['author', { stringValue: 'another program' }]]);
        const { contextIds } = await store.putContexts({ contexts: [{ ...none, typeId, name, properties }] });
        const [childId = 0n] = contextIds;
        if (linked) await store.putParentContexts({ parentContexts: [{ childId, parentId: 2n }] });
        return childId.toString();
      },
    };
  }

  test('a version of another owner is not taken over by a create of its name', async () => {
    await using models = await openModels();
    const databaseId = await models.foreign('1:x');
    const input = { registeredModelId: '1', name: 'x', author: 'mine' };
    expect(await models.refused('createModelVersion', input)).toMatchObject([{ code: 'NAME_TAKEN', databaseId }]);
    const row = await rowOf(models.store, 'kf.ModelVersion', '1:x');
    expect(plain(row?.properties)).toEqual({ author: 'another program' });
    const { contexts } = await models.store.getParentContextsByContext({ contextId: BigInt(databaseId) });
    expect(contexts.map(({ id }) => id)).toEqual([2n]);
  });

  test.each(['1:x', '999:gone', '2024:release', 'plain', `${'9'.repeat(19)}:v`])(
    'a version that is stored as %s and linked is changed, archived and given artifacts',
    async (name) => {
      await using models = await openModels();
      const databaseId = await models.foreign(name);
      await models.do('updateModelVersion', { databaseId, author: 'mine' });
      await models.do('archiveModelVersion', { databaseId });
      await models.do('createMetric', { parentId: databaseId, name: 'acc', value: 1 });
      const row = await rowOf(models.store, 'kf.ModelVersion', name);
      expect(plain(row?.properties)).toEqual({ author: 'mine', state: 'ARCHIVED' });
    },
  );
});
