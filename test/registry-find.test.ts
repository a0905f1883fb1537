import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryKindName } from '../src/domain/registry-kinds.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { type FindArguments, findRegistry } from '../src/registry/find.ts';
import { STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';
import { none, putRegistryTypes } from './registry-rows.ts';
import { type OpenedStore, openFilled } from './registry-stores.ts';

/** Contexts: models 1 and 2; versions 3 of 1, 4 of 2, 5 of nobody; environment 6, service 7. Artifacts; a deployment. */
async function fill(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const row = (type: string, name: string, externalId?: string) => ({
    ...none,
    typeId: types.get(`kf.${type}`) ?? 0n,
    name,
    ...(externalId && { externalId }),
  });
  await store.putContexts({
    contexts: [
      row('RegisteredModel', 'm', 'ext-m'),
      row('RegisteredModel', 'it"s \' OR TRUE'),
      row('ModelVersion', '1:v:1', 'ext-v'),
      row('ModelVersion', '2:v:1'),
      row('ModelVersion', '1:lost', 'ext-lost'),
      row('ServingEnvironment', 'm'),
      row('InferenceService', '6:s'),
    ],
  });
  const links = [
    [1n, 3n],
    [2n, 4n],
    [6n, 7n],
  ] as const;
  await store.putParentContexts({ parentContexts: links.map(([parentId, childId]) => ({ parentId, childId })) });
  await store.putArtifacts({
    artifacts: [row('ModelArtifact', '3:a', 'ext-a'), row('Metric', '3:a'), row('ModelArtifact', 'c0ffee:alone')],
  });
  await store.putExecutions({ executions: [row('ServeModel', '7:d')] });
}

describe.each(STORE_KINDS)('finding one row, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fill);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  const find = (of: RegistryKindName, by: FindArguments) => findRegistry({ store: opened.store, call: {} }, of, by);

  test.skipIf(missing).each([
    ['RegisteredModel', { databaseId: 1n }, 1n],
    ['RegisteredModel', { name: 'm' }, 1n],
    ['RegisteredModel', { name: 'M' }, undefined],
    ['RegisteredModel', { name: 'it"s \' OR TRUE' }, 2n],
    ['RegisteredModel', { externalId: 'ext-m' }, 1n],
    ['RegisteredModel', { name: 'm', externalId: 'ext-other' }, 1n],
    ['RegisteredModel', { name: 'n', externalId: 'ext-m' }, undefined],
    ['RegisteredModel', { externalId: 'ext-v' }, undefined],
    ['RegisteredModel', { externalId: 'nobody' }, undefined],
    ['RegisteredModel', { externalId: '' }, undefined],
    ['RegisteredModel', { databaseId: 3n }, undefined],
    ['RegisteredModel', { databaseId: 99n }, undefined],
    ['RegisteredModel', { databaseId: -1n }, undefined],
    ['ModelVersion', { databaseId: 3n }, 3n],
    ['ModelVersion', { name: 'v:1', ownerId: 1n }, 3n],
    ['ModelVersion', { name: 'v:1', ownerId: 2n }, 4n],
    ['ModelVersion', { name: '1', ownerId: 1n }, undefined],
    ['ModelVersion', { externalId: 'ext-v' }, 3n],
    ['ModelVersion', { externalId: 'ext-v', name: 'half of a name' }, 3n],
    ['ModelVersion', { externalId: 'ext-v', ownerId: 2n }, 3n],
    ['ModelVersion', { databaseId: 5n }, undefined],
    ['ModelVersion', { name: 'lost', ownerId: 1n }, undefined],
    ['ModelVersion', { externalId: 'ext-lost' }, undefined],
    ['InferenceService', { name: 's', ownerId: 6n }, 7n],
    ['ModelArtifact', { name: 'a', ownerId: 3n }, 1n],
    ['Metric', { name: 'a', ownerId: 3n }, 2n],
    ['DocArtifact', { name: 'a', ownerId: 3n }, undefined],
    ['ModelArtifact', { databaseId: 3n }, 3n],
    ['ModelArtifact', { externalId: 'ext-a' }, 1n],
    ['ServeModel', { name: 'd', ownerId: 7n }, 1n],
    ['Experiment', { name: 'm' }, undefined],
  ] as const)('a %s by %o', async (of, by, id) => {
    expect((await find(of, by))?.id).toBe(id);
  });

  test.skipIf(missing).each([
    ['RegisteredModel', {}],
    ['RegisteredModel', { databaseId: 1n, name: 'm' }],
    ['RegisteredModel', { databaseId: 1n, externalId: 'ext-m' }],
    ['RegisteredModel', { name: 'm', ownerId: 1n }],
    ['ModelVersion', { name: 'v:1' }],
    ['ModelVersion', { ownerId: 1n }],
    ['ModelArtifact', { name: 'alone' }],
  ] as const)('refuses a %s by %o', async (of, by) => {
    await expect(find(of, by)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
