import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { MetadataStore } from '../src/mlmd/store.ts';
import { countRows } from '../src/registry/count-rows.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';
import { none, properties, putRegistryTypes } from './registry-rows.ts';

/** 1,300 models, every tenth of which is somebody's; a run with 130 values of a metric and 10 of one named like it. */
async function fill(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const typeId = (kind: string) => types.get(`kf.${kind}`) ?? 0n;
  await store.putContexts({
    contexts: [
      { ...none, typeId: typeId('Experiment'), name: 'e' },
      { ...none, typeId: typeId('ExperimentRun'), name: '1:r' },
      ...Array.from({ length: 1_300 }, (_each, index) => ({
        ...properties({ owner: { stringValue: index % 10 === 0 ? 'somebody' : 'nobody' } }),
        typeId: typeId('RegisteredModel'),
        name: `model ${index}`,
      })),
    ],
  });
  await store.putParentContexts({ parentContexts: [{ childId: 2n, parentId: 1n }] });
  const { artifactIds } = await store.putArtifacts({
    artifacts: Array.from({ length: 140 }, (_each, index) => ({
      ...properties({ step: { intValue: BigInt(index % 2) } }),
      typeId: typeId('MetricHistory'),
      name: `2:${index % 14 === 13 ? 'loss__2__17' : 'loss__17'}${index + 1_000}`,
    })),
  });
  const attributions = artifactIds.map((artifactId) => ({ artifactId, contextId: 2n }));
  await store.putAttributionsAndAssociations({ attributions, associations: [] });
}

const CHECKED = `where: { not: { owner: { eq: "nobody" } } }`;
const MERGED = `filterQuery: "owner = 'somebody' OR name = 'model 1'"`;

describe.each(STORE_KINDS)('totals of lists that go on, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  describe.skipIf(missing)(missing ?? 'are exact where the store can count', () => {
    let harness: Harness | undefined;
    beforeAll(async () => {
      harness = await openHarness({ kind, fill });
    }, 30_000);
    afterAll(() => harness?.[Symbol.asyncDispose]());
    const total = (exact: number) => (kind === 'embedded' ? exact : null);

    test.each([
      ['decided by the store', 'registeredModels(first: 2)', 1_300],
      ['checked by the gateway', `registeredModels(first: 2, ${CHECKED})`, 130],
      ['merged', `registeredModels(first: 2, ${MERGED})`, 131],
    ])('%s', async (_name, list, exact) => {
      const ask = (arguments_ = list) =>
        harness?.query(`{ list: ${arguments_} { totalCount pageInfo { hasNextPage endCursor } } }`);
      const first = await ask();
      expect(first?.data.list).toMatchObject({ totalCount: total(exact), pageInfo: { hasNextPage: true } });
      const { endCursor } = first?.data.list.pageInfo ?? {};
      const second = await ask(list.replace('first: 2', `first: 2, after: "${endCursor}"`));
      expect(second?.data.list.totalCount).toBe(total(exact));
    });

    test.each([
      ['first: 2', 140],
      ['first: 2, orderBy: { field: CREATE_TIME }', 140],
      ['first: 2, steps: [1]', 70],
      ['first: 2, name: "loss"', 130],
      ['first: 2, name: "loss__2"', 10],
      ['first: 2, name: "loss", steps: [0]', 70],
    ])('of the history of a run: %s', async (list, exact) => {
      const answer = await harness?.query(
        `{ experimentRun(databaseId: "2") { metricHistory(${list}) { totalCount nodes { name } } } }`,
      );
      expect(answer?.errors).toBeUndefined();
      const { totalCount, nodes } = answer?.data.experimentRun.metricHistory ?? {};
      expect({ totalCount, shown: nodes.length }).toEqual({ totalCount: total(exact), shown: 2 });
    });

    test('are not counted where nobody asks', async () => {
      if (!harness) throw new Error('the gateway is not open');
      const callsOf = async (selection: string) => {
        harness?.calls.splice(0);
        await harness?.query(`{ registeredModels(first: 2, ${CHECKED}) { ${selection} } }`);
        return harness?.calls.length ?? 0;
      };
      const [without, counted] = [await callsOf('nodes { name }'), await callsOf('totalCount')];
      expect(without).toBe(1);
      expect(counted - without).toBe(kind === 'embedded' ? 13 : 0);
    });
  });
});

describe('rows that are gone through for a count', () => {
  async function* rows(length: number) {
    for (let index = 0; index < length; index += 1) yield index;
  }

  test('are 100,000 at most', async () => {
    expect(await countRows(rows(100_000), (row) => row % 2 === 0, {})).toBe(50_000);
    expect(await countRows(rows(100_001), () => true, {})).toBeNull();
  });

  test('are given up where there is no time', async () => {
    expect(await countRows(rows(10), () => true, { deadline: Date.now() - 1_000 })).toBeNull();
    expect(await countRows(rows(10), () => true, { signal: AbortSignal.abort() })).toBeNull();
    expect(await countRows(rows(10), () => true, { deadline: Date.now() + 60_000 })).toBe(10);
  });
});
