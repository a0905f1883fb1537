import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { MetadataStore } from '../src/mlmd/store.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';
import { none, putRegistryTypes } from './registry-rows.ts';

const TOO_BIG = '9999999999999999999:v';

/** Models 1 and 2; versions that are linked as they are named, to another, to both, and under no id; services. */
async function fill(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const context = (type: string, name: string) => ({ ...none, typeId: types.get(`kf.${type}`) ?? 0n, name });
  await store.putContexts({
    contexts: [
      ...['one', 'two'].map((name) => context('RegisteredModel', name)), // 1, 2
      ...['1:plain', '1:of two', '1:of both', TOO_BIG, 'bare', '01:padded'].map((name) =>
        context('ModelVersion', name),
      ), // 3 to 8
      ...['east', 'west'].map((name) => context('ServingEnvironment', name)), // 9, 10
      ...['9:plain', '9:of west'].map((name) => context('InferenceService', name)), // 11, 12
    ],
  });
  const links = [
    [3n, 1n],
    [4n, 2n],
    [5n, 1n],
    [5n, 2n],
    [6n, 2n],
    [7n, 2n],
    [8n, 1n],
    [11n, 9n],
    [12n, 10n],
  ] as const;
  await store.putParentContexts({ parentContexts: links.map(([childId, parentId]) => ({ childId, parentId })) });
  const typeId = types.get('kf.ServeModel') ?? 0n;
  await store.putExecutions({
    executions: ['11:plain', '11:of the other', TOO_BIG].map((name) => ({ ...none, typeId, name })),
  });
  const associations = [
    [1n, 11n],
    [2n, 12n],
    [3n, 12n],
  ].map(([executionId = 0n, contextId = 0n]) => ({ executionId, contextId }));
  await store.putAttributionsAndAssociations({ attributions: [], associations });
}

/** The name of a row begins with the id of its owner, but it is the link that says whose it is. */
describe.each(STORE_KINDS)('owners, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  describe.skipIf(missing)(missing ?? 'are those that rows are linked to', () => {
    let harness: Harness | undefined;
    const data = async (query: string) => {
      const answer = await harness?.query(query);
      expect(answer?.errors).toBeUndefined();
      return answer?.data;
    };
    beforeAll(async () => {
      harness = await openHarness({ kind, fill });
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    test('from below', async () => {
      const { modelVersions, inferenceServices, serveModels } = await data(`{
        modelVersions { nodes { name registeredModel { name } } }
        inferenceServices { nodes { name servingEnvironment { name } } }
        serveModels { nodes { name inferenceService { name } } }
      }`);
      const pairs = (nodes: readonly Record<string, { name: string }>[], owner: string) =>
        nodes.map((node) => [node['name'], node[owner]?.name]);
      expect(pairs(modelVersions.nodes, 'registeredModel')).toEqual([
        ['plain', 'one'],
        ['of two', 'two'],
        ['of both', 'one'],
        ['v', 'two'],
        ['bare', 'two'],
        ['padded', 'one'],
      ]);
      expect(pairs(inferenceServices.nodes, 'servingEnvironment')).toEqual([
        ['plain', 'east'],
        ['of west', 'west'],
      ]);
      expect(pairs(serveModels.nodes, 'inferenceService')).toEqual([
        ['plain', 'plain'],
        ['of the other', 'of west'],
        ['v', 'of west'],
      ]);
    });

    test('by their ids too', async () => {
      const { modelVersions, inferenceServices } = await data(`{
        modelVersions { nodes { registeredModelId registeredModel { databaseId } } }
        inferenceServices { nodes { servingEnvironmentId servingEnvironment { databaseId } } }
      }`);
      for (const { registeredModelId, registeredModel } of modelVersions.nodes) {
        expect(registeredModelId).toBe(registeredModel.databaseId);
      }
      for (const { servingEnvironmentId, servingEnvironment } of inferenceServices.nodes) {
        expect(servingEnvironmentId).toBe(servingEnvironment.databaseId);
      }
    });

    test('from above, one by one as many together', async () => {
      const names = 'versions { nodes { name } } latestVersion { name }';
      const { registeredModels } = await data(`{ registeredModels { nodes { ${names} } } }`);
      const nodes = (...all: string[]) => ({ nodes: all.map((name) => ({ name })) });
      const expected = [
        { versions: nodes('plain', 'of both', 'padded'), latestVersion: { name: 'padded' } },
        { versions: nodes('of two', 'of both', 'v', 'bare'), latestVersion: { name: 'bare' } },
      ];
      expect(registeredModels.nodes).toEqual(expected);
      for (const [index, model] of expected.entries()) {
        const one = await data(`{ registeredModel(databaseId: "${index + 1}") { ${names} } }`);
        expect(one.registeredModel).toEqual(model);
      }
    });
  });
});
