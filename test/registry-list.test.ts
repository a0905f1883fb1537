import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryKindName } from '../src/domain/registry-kinds.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { listRegistry, type RegistryListArguments } from '../src/registry/list.ts';
import type { Within } from '../src/registry/scope.ts';
import { STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';
import { none, properties, putRegistryTypes } from './registry-rows.ts';
import { type OpenedStore, openFilled } from './registry-stores.ts';

/** Two models; five versions of the first, of which the last has no link; artifacts in the first version; a service. */
async function fill(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const typeId = (name: string) => types.get(`kf.${name}`) ?? 0n;
  const versions = [1, 2, 3, 4, 5].map((count) => ({ ...none, typeId: typeId('ModelVersion'), name: `1:v${count}` }));
  await store.putContexts({
    contexts: [
      ...['a', 'b'].map((name) => ({ ...none, typeId: typeId('RegisteredModel'), name })),
      ...versions,
      { ...none, typeId: typeId('ServingEnvironment'), name: 'east' },
      {
        ...properties({ model_version_id: { intValue: 3n }, serving_environment_id: { intValue: 8n } }),
        typeId: typeId('InferenceService'),
        name: '8:service',
      },
    ],
  });
  const links = [3n, 4n, 5n, 6n].map((childId) => ({ parentId: 1n, childId }));
  await store.putParentContexts({ parentContexts: [...links, { parentId: 8n, childId: 9n }] });
  const artifacts = ['ModelArtifact', 'Metric', 'MetricHistory', 'DocArtifact', 'Metric'].map((kind, index) => ({
    ...none,
    typeId: typeId(kind),
    name: `3:${kind}${index}`,
  }));
  await store.putArtifacts({ artifacts });
  await store.putExecutions({ executions: [{ ...none, typeId: typeId('ServeModel'), name: '9:serve' }] });
  await store.putAttributionsAndAssociations({
    attributions: [1n, 2n, 3n, 4n].map((artifactId) => ({ artifactId, contextId: 3n })),
    associations: [{ executionId: 1n, contextId: 9n }],
  });
}

describe.each(STORE_KINDS)('lists of the registry, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fill);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  const list = async (kinds: readonly RegistryKindName[], within?: Within, given: RegistryListArguments = {}) => {
    const page = await listRegistry({ store: opened.store, call: {} }, kinds, given, within);
    return { ids: page.rows.map(({ id }) => Number(id)), total: page.totalCount, more: page.hasNextPage };
  };
  const whole = (...ids: number[]) => ({ ids, total: ids.length, more: false });

  test.skipIf(missing).each([
    ['of a kind', ['RegisteredModel'], undefined, [1, 2]],
    ['of a kind that has an owner, which it is linked to', ['ModelVersion'], undefined, [3, 4, 5, 6]],
    ['of a kind that nobody has', ['Parameter'], undefined, []],
    ['of the versions of a model', ['ModelVersion'], { contextId: 1n }, [3, 4, 5, 6]],
    ['of the versions of a model without any', ['ModelVersion'], { contextId: 2n }, []],
    ['of all kinds of artifacts', ['ModelArtifact', 'DocArtifact', 'Metric'], undefined, [1, 2, 4, 5]],
    ['of metrics, without their history', ['Metric'], undefined, [2, 5]],
    ['of the artifacts of a version', ['ModelArtifact', 'DocArtifact', 'Metric'], { contextId: 3n }, [1, 2, 4]],
    ['of the metrics of a version', ['Metric'], { contextId: 3n }, [2]],
    ['of the artifacts of nothing', ['ModelArtifact'], { contextId: 99n }, []],
    ['of the deployments of a service', ['ServeModel'], { contextId: 9n }, [1]],
    ['of the services of a version', ['InferenceService'], { field: 'modelVersionId', id: 3n }, [9]],
    ['of the services of another version', ['InferenceService'], { field: 'modelVersionId', id: 4n }, []],
  ] as const)('%s', async (_name, kinds, within, ids) => {
    expect(await list(kinds, within)).toEqual(whole(...ids));
  });

  test.skipIf(missing)('go on behind their cursor', async () => {
    const read = (after?: string) =>
      listRegistry({ store: opened.store, call: {} }, ['ModelVersion'], {
        first: 3,
        after,
        orderBy: { field: 'CREATE_TIME', direction: 'DESC' },
      });
    const first = await read();
    expect(first.rows.map(({ id }) => id)).toEqual([6n, 5n, 4n]);
    expect(first).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(first.totalCount).toBeUndefined();
    const second = await read(first.cursorAt(2));
    expect(second.rows.map(({ id }) => id)).toEqual([3n]);
    expect(second).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(second.totalCount).toBeUndefined();
  });
});

describe.each(STORE_KINDS)('a store that has no registry, %s', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;

  test.skipIf(missing)('has empty lists', async () => {
    await using opened = await openFilled(kind);
    for (const kinds of [['RegisteredModel'], ['ModelVersion'], ['Metric', 'DocArtifact'], ['ServeModel']] as const) {
      const page = await listRegistry({ store: opened.store, call: {} }, kinds, {});
      expect(page).toMatchObject({ rows: [], totalCount: 0, hasNextPage: false });
    }
  });
});
