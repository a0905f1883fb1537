import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { MetadataStore } from '../../src/mlmd/store.ts';
import { type Harness, openHarness, STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { none, properties, putRegistryTypes } from '../registry-rows.ts';

const MODELS = 2_300;
const STEP = '9223372036854775807';

/** 2,300 models, of which every thousandth is somebody's; a run with a metric of a great step. */
async function fill(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const typeId = (kind: string) => types.get(`kf.${kind}`) ?? 0n;
  await store.putContexts({
    contexts: Array.from({ length: MODELS }, (_each, index) => ({
      ...properties({ owner: { stringValue: index % 1_000 === 999 ? 'somebody' : 'nobody' } }),
      typeId: typeId('RegisteredModel'),
      name: `model ${index}`,
    })),
  });
  const run = (await store.putContexts({ contexts: [{ ...none, typeId: typeId('Experiment'), name: 'e' }] }))
    .contextIds;
  const { contextIds } = await store.putContexts({
    contexts: [
      {
        ...properties({
          start_time_since_epoch: { stringValue: '1700000000000' },
          status: { stringValue: 'RUNNING' },
        }),
        typeId: typeId('ExperimentRun'),
        name: `${run[0]}:r`,
      },
    ],
  });
  await store.putParentContexts({ parentContexts: [{ childId: contextIds[0] ?? 0n, parentId: run[0] ?? 0n }] });
  const metric = { ...properties({ step: { intValue: BigInt(STEP) } }), typeId: typeId('Metric'), name: 'x:m' };
  const { artifactIds } = await store.putArtifacts({ artifacts: [metric] });
  const attributions = [{ artifactId: artifactIds[0] ?? 0n, contextId: contextIds[0] ?? 0n }];
  await store.putAttributionsAndAssociations({ attributions, associations: [] });
}

describe.each(STORE_KINDS)('filters through GraphQL, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  describe.skipIf(missing)(missing ?? 'are what they say', () => {
    let harness: Harness | undefined;
    beforeAll(async () => {
      harness = await openHarness({ kind, fill });
    }, 30_000);
    afterAll(() => harness?.[Symbol.asyncDispose]());
    const ask = async (query: string, variables: Record<string, unknown> = {}) => {
      const answer = await harness?.query(query, variables);
      expect(answer?.errors).toBeUndefined();
      return answer?.data;
    };
    const PAGE = 'nodes { name } totalCount pageInfo { hasNextPage scanned scanComplete endCursor }';

    test('a list goes on behind what was looked at', async () => {
      const query = `query ($after: String) {
        registeredModels(filterQuery: "NOT owner = 'nobody'", after: $after) { ${PAGE.replace('totalCount', '')} }
      }`;
      const pages: Record<string, unknown>[] = [];
      for (let after: unknown = null, more: unknown = true; more; ) {
        const { nodes, pageInfo } = (await ask(query, { after })).registeredModels;
        const { endCursor, ...info } = pageInfo;
        pages.push({ names: nodes.map(({ name }: { name: string }) => name), ...info });
        [after, more] = [endCursor, info.hasNextPage];
      }
      expect(pages).toEqual([
        { names: ['model 999'], hasNextPage: true, scanned: 1_000, scanComplete: false },
        { names: ['model 1999'], hasNextPage: true, scanned: 1_000, scanComplete: false },
        { names: [], hasNextPage: false, scanned: 300, scanComplete: true },
      ]);
    });

    test('a page on which there was nothing to look at ends nowhere', async () => {
      const { registeredModels } = await ask(
        `{ registeredModels(filterQuery: "id > 90000 AND NOT owner = 'nobody'") { ${PAGE} } }`,
      );
      const pageInfo = { hasNextPage: false, scanned: 0, scanComplete: true, endCursor: null };
      expect(registeredModels).toEqual({ nodes: [], totalCount: 0, pageInfo });
    });

    test('values of all scalars and enums, in the document and as variables within it', async () => {
      const query = `query ($step: Int64!, $time: DateTime, $status: ExperimentRunStatus!) {
        metrics(where: { step: { ge: ${STEP} } }) { nodes { name } }
        same: metrics(where: { step: { in: [$step, "7"] } }) { nodes { name } }
        experimentRuns(where: { startTime: { le: "2023-11-14T22:13:20Z" }, status: { eq: RUNNING } }) {
          nodes { name metrics(where: { step: { eq: $step } }) { nodes { step } } }
        }
        others: experimentRuns(where: { or: [{ startTime: { gt: $time } }, { not: { status: { in: [$status] } } }] }) {
          nodes { name }
        }
      }`;
      const variables = { step: STEP, time: '2023-11-14T22:13:20.000Z', status: 'RUNNING' };
      const metric = [{ name: 'm' }];
      // Compiled from the second time on.
      for (const _each of [1, 2, 3]) {
        expect(await ask(query, variables)).toEqual({
          metrics: { nodes: metric },
          same: { nodes: metric },
          experimentRuns: { nodes: [{ name: 'r', metrics: { nodes: [{ step: STEP }] } }] },
          others: { nodes: [] },
        });
      }
    });

    test.each([
      ["{ rows: registeredModels(filterQuery: \"name = 'a' AND state = 'LIVING'\") { nodes { name } } }", 24],
      ['{ rows: metrics(filterQuery: "value = true") { nodes { name } } }', 9],
    ])('a bad one is told at its place: %s', async (query, position) => {
      const answer = await harness?.query(query);
      const extensions = { code: 'BAD_USER_INPUT', argument: 'filterQuery', position };
      expect(answer?.errors).toMatchObject([{ path: ['rows'], extensions }]);
    });

    test.each([
      ['{ metrics(where: { step: { eq: 9223372036854775808 } }) { nodes { name } } }', {}],
      ['query ($w: MetricWhere) { metrics(where: $w) { nodes { name } } }', { w: { step: { eq: 'x' } } }],
      ['{ experimentRuns(where: { startTime: { lt: "2023-02-30T00:00:00Z" } }) { nodes { name } } }', {}],
      [
        'query ($w: ExperimentRunWhere) { experimentRuns(where: $w) { nodes { name } } }',
        { w: { status: { eq: 'X' } } },
      ],
    ])('a value that cannot be is refused: %s', async (query, variables) => {
      const answer = await harness?.query(query, variables);
      expect(answer?.errors).toHaveLength(1);
      expect(answer?.errors?.[0]?.extensions['code']).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
    });
  });
});
