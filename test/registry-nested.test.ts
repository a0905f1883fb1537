import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { cursorOfId } from '../src/domain/node-list.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { range } from './fill.ts';
import { putRegistry } from './fill-registry.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';
import { properties, putRegistryTypes } from './registry-rows.ts';

const VERSIONS = range(12).map((model) => 1 + ((model * 7) % 25));
const SIZE = {
  models: VERSIONS.length,
  versionsOf: (model: number) => VERSIONS[model] ?? 0,
  artifacts: 3,
  deployments: 1,
};

interface Rows {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly { readonly name: string }[];
}

describe.each(STORE_KINDS)('nested lists of the registry, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  describe.skipIf(missing)(missing ?? 'have pages', { timeout: 30_000 }, () => {
    let harness: Harness | undefined;
    const data = async (query: string) => {
      const answer = await harness?.query(query);
      expect(answer?.errors).toBeUndefined();
      return answer?.data;
    };
    beforeAll(async () => {
      harness = await openHarness({ kind, fill: (store) => putRegistry(store, SIZE) });
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    const PAGE = 'pageInfo { hasNextPage endCursor } nodes { name }';

    test.each(['', ', orderBy: { field: ID, direction: ASC }'])(
      'that go on behind any cursor of the other kind%s',
      async (order) => {
        const { registeredModels } = await data(
          `{ registeredModels { nodes { databaseId versions(first: 7) { ${PAGE} } } } }`,
        );
        const all = await Promise.all(
          registeredModels.nodes.map(async ({ databaseId, versions }: { databaseId: string; versions: Rows }) => {
            const names = versions.nodes.map(({ name }) => name);
            let page = versions;
            while (page.pageInfo.hasNextPage) {
              const next = `versions(first: 7, after: "${page.pageInfo.endCursor}"${order}) { ${PAGE} }`;
              page = (await data(`{ registeredModel(databaseId: "${databaseId}") { ${next} } }`)).registeredModel
                .versions;
              names.push(...page.nodes.map(({ name }) => name));
            }
            return names;
          }),
        );
        expect(all).toEqual(VERSIONS.map((count) => range(count).map((version) => `v${version}`)));
      },
    );

    test('under aliases of several sizes and places, each as if it were alone', async () => {
      const cursor = cursorOfId({ id: 40n });
      const parts = [
        'a: versions(first: 2) { pageInfo { hasNextPage } nodes { name } }',
        `b: versions(first: 5, after: "${cursor}") { pageInfo { hasNextPage hasPreviousPage } nodes { databaseId } }`,
        'c: latestVersion { name }',
        'd: versions(first: 100) { totalCount nodes { a: metrics { nodes { name } } b: artifacts(first: 1, kinds: [DOC, MODEL]) { nodes { name } } } }',
      ];
      const ask = async (selection: string) =>
        (await data(`{ registeredModels { nodes { ${selection} } } }`)).registeredModels.nodes;
      const together = await ask(parts.join(' '));
      const apart = await Promise.all(parts.map(ask));
      expect(together).toEqual(
        together.map((_row: object, index: number) => Object.assign({}, ...apart.map((rows) => rows[index]))),
      );
    });

    test('are refused for a cursor or a size that cannot be', async () => {
      for (const bad of ['first: 0', 'first: 101', 'after: "nothing"']) {
        const answer = await harness?.query(`{ registeredModels { nodes { versions(${bad}) { nodes { name } } } } }`);
        expect(answer?.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
      }
    });

    test('count as what a request finds', async () => {
      // Without sizes of pages, so that it is not known before how much it is.
      const uses = range(29).map((index) => `_${index}: versions { nodes { artifacts { nodes { name } } } }`);
      const answer = await harness?.query(`{ registeredModels { nodes { ${uses.join(' ')} } } }`);
      expect(answer?.errors).toHaveLength(1);
      expect(answer?.errors?.[0]?.extensions['code']).toBe('QUERY_TOO_COMPLEX');
    });
  });
});

describe.each(STORE_KINDS)('the best run, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  test.skipIf(missing)(`is the best that is not archived, the first of equals ${missing ?? ''}`, async () => {
    await using harness = await openHarness({ kind, fill: putRuns });
    const { data, errors } = await harness.query(`{ experiments { nodes {
      most: bestRun(metric: "accuracy") { name }
      least: bestRun(metric: "accuracy", goal: MINIMIZE) { name }
      quoted: bestRun(metric: "it's \\"100%\\"_\\\\") { name }
      none: bestRun(metric: "nothing") { name }
    } }
    experimentRun(databaseId: "6") { metricHistory(name: "it's \\"100%\\"_\\\\") { nodes { name } } } }`);
    expect(errors).toBeUndefined();
    expect(data.experimentRun.metricHistory.nodes).toEqual([{ name: 'it\'s "100%"_\\' }]);
    const none = { most: null, least: null, quoted: null, none: null };
    expect(data.experiments.nodes).toEqual([
      { most: { name: 'second' }, least: { name: 'first' }, quoted: { name: 'fourth' }, none: null },
      none,
    ]);
  });
});

/** Two experiments, of which the first has runs: of equal accuracy, archived with the best of all, and without any. */
async function putRuns(store: MetadataStore): Promise<void> {
  const typeIds = await putRegistryTypes(store);
  const context = (type: string, name: string, state: string) => ({
    typeId: typeIds.get(type) ?? 0n,
    name,
    ...properties({ state: { stringValue: state } }),
  });
  const { contextIds } = await store.putContexts({
    contexts: [
      context('kf.Experiment', 'with runs', 'LIVE'),
      context('kf.Experiment', 'without', 'LIVE'),
      context('kf.ExperimentRun', '1:first', 'LIVE'),
      context('kf.ExperimentRun', '1:second', 'LIVE'),
      context('kf.ExperimentRun', '1:third', 'LIVE'),
      context('kf.ExperimentRun', '1:fourth', 'LIVE'),
      context('kf.ExperimentRun', '1:archived', 'ARCHIVED'),
    ],
  });
  const runIds = contextIds.slice(2);
  await store.putParentContexts({ parentContexts: runIds.map((childId) => ({ childId, parentId: 1n })) });
  const metric = (run: number, name: string, doubleValue: number, type = 'kf.Metric') => ({
    typeId: typeIds.get(type) ?? 0n,
    name: `${runIds[run]}:${name}`,
    ...properties({ value: { doubleValue } }),
  });
  await store.putArtifacts({
    artifacts: [
      metric(0, 'accuracy', -0.5),
      metric(1, 'accuracy', 0.75),
      metric(2, 'accuracy', 0.75),
      metric(3, 'it\'s "100%"_\\', 1),
      metric(4, 'accuracy', 0.99),
      metric(3, 'it\'s "100%"_\\__1700000000000', 1, 'kf.MetricHistory'),
      metric(3, 'another__1700000000000', 1, 'kf.MetricHistory'),
    ],
  });
  const attributions = [6n, 7n].map((artifactId) => ({ artifactId, contextId: runIds[3] ?? 0n }));
  await store.putAttributionsAndAssociations({ attributions, associations: [] });
}
