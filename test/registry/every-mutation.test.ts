import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { REGISTRY_KINDS, type RegistryKindName } from '../../src/domain/registry-kinds.ts';
import { createSchema } from '../../src/schema.ts';
import { post } from '../harness.ts';
import { KINDS, openRegistry } from './rig.ts';

/** What a new row of each kind needs, besides its name; the ids are those of the rows that are there before. */
const NEEDED: Readonly<Record<RegistryKindName, object>> = {
  RegisteredModel: {},
  ModelVersion: { registeredModelId: '1' },
  ModelArtifact: { parentId: '2' },
  DocArtifact: { parentId: '2' },
  DataSet: { parentId: '4' },
  Metric: { parentId: '4', value: 0.5 },
  Parameter: { parentId: '4', value: '1' },
  Experiment: {},
  ExperimentRun: { experimentId: '3' },
  ServingEnvironment: {},
  InferenceService: { servingEnvironmentId: '5', registeredModelId: '1' },
  ServeModel: { inferenceServiceId: '6', modelVersionId: '2' },
};

const names = Object.keys(NEEDED) as RegistryKindName[];

/** How a kind shows that it is archived, and that it is not. */
function shownArchived(kind: RegistryKindName) {
  const { archive, node } = REGISTRY_KINDS[kind];
  if (archive === 'customProperty') return { field: 'archived', archived: true, live: false, first: false };
  const isArtifact = node === 'Artifact';
  return {
    field: 'state',
    archived: isArtifact ? 'ABANDONED' : 'ARCHIVED',
    live: 'LIVE',
    first: isArtifact ? 'UNKNOWN' : 'LIVE',
  };
}

test('the table has all mutations but those of several rows', () => {
  const all = Object.keys(createSchema().getMutationType()?.getFields() ?? {});
  const made = names.flatMap((kind) => ['create', 'update', 'archive', 'restore'].map((verb) => verb + kind));
  expect(all.filter((name) => !made.includes(name)).sort()).toEqual(['logRun', 'recordExecution', 'upsertArtifact']);
  expect(all).toEqual(expect.arrayContaining(made));
});

describe.each(KINDS)('on the %s store', (store) => {
  let registry: Awaited<ReturnType<typeof openRegistry>>;
  beforeAll(async () => {
    registry = await openRegistry(store);
    await registry.do('createRegisteredModel', { name: 'm' });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await registry.do('createExperiment', { name: 'e' });
    await registry.do('createExperimentRun', { experimentId: '3', name: 'r' });
    await registry.do('createServingEnvironment', { name: 's' });
    await registry.do('createInferenceService', { servingEnvironmentId: '5', name: 'i', registeredModelId: '1' });
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  test.each(names)('%s is created, updated, archived and restored', async (kind) => {
    const field = `${kind[0]?.toLowerCase()}${kind.slice(1)}`;
    const shown = shownArchived(kind);
    const fields = `{ __typename databaseId name externalId description ${shown.field} customPropertyMap }`;
    const change = async (verb: string, input: object) => {
      const type = ['archive', 'restore'].includes(verb)
        ? 'ArchiveInput'
        : `${verb[0]?.toUpperCase()}${verb.slice(1)}${kind}Input`;
      const query = `mutation ($input: ${type}!) {
        change: ${verb}${kind}(input: $input) { row: ${field} ${fields} userErrors { message } warnings { message } conditional }
      }`;
      const { data, errors } = await post(registry.harness.url, { query, variables: { input } });
      expect(errors).toBeUndefined();
      const { row, ...told } = data.change;
      expect(told).toEqual({ userErrors: [], warnings: [], conditional: null });
      const byId = `query ($id: ID!) { row: ${field}(databaseId: $id) ${fields} }`;
      const read = await post(registry.harness.url, { query: byId, variables: { id: row.databaseId } });
      expect(read.data.row).toEqual(row);
      return row;
    };
    const property = { name: 'p', value: { stringValue: 'stays' } };
    const input = { name: 'new', externalId: `x-${kind}`, description: 'd', customProperties: [property] };
    const created = await change('create', { ...NEEDED[kind], ...input });
    const { databaseId } = created;
    const expected = { name: 'new', externalId: `x-${kind}`, description: 'd', [shown.field]: shown.first };
    expect(created).toEqual({ ...expected, __typename: kind, databaseId, customPropertyMap: { p: 'stays' } });
    const updated = await change('update', { databaseId, description: 'changed' });
    expect(updated).toEqual({ ...created, description: 'changed' });
    const marked = shown.field === 'archived' ? { p: 'stays', 'modelgraph.archived': true } : { p: 'stays' };
    const archived = { ...updated, [shown.field]: shown.archived, customPropertyMap: marked };
    for (const _again of [1, 2]) expect(await change('archive', { databaseId })).toEqual(archived);
    const restored = { ...updated, [shown.field]: shown.live };
    for (const _again of [1, 2]) expect(await change('restore', { databaseId })).toEqual(restored);
  });
});
