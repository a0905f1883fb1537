import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { PropertyType, type Value } from '../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';
import { properties, type Values } from './registry-rows.ts';

/** Rows that other programs wrote, and ones half-way written, never break an answer: what cannot be shown is null. */
describe.each(STORE_KINDS)('odd rows of the registry, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  describe.skipIf(missing)(missing ?? 'are shown', () => {
    let harness: Harness | undefined;
    const data = async (query: string) => {
      const answer = await harness?.query(query);
      expect(answer?.errors).toBeUndefined();
      return answer?.data;
    };
    beforeAll(async () => {
      harness = await openHarness({ kind, fill: putOddRows });
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    test('values of other kinds, states that no enum has, and lists of other shapes as null', async () => {
      const { registeredModels } = await data(
        '{ registeredModels { nodes { name state description language tasks } } }',
      );
      expect(registeredModels.nodes).toEqual([
        { name: 'model', state: null, description: null, language: null, tasks: null },
        { name: 'another', state: 'LIVE', description: null, language: ['en', '7', '{"a":1}'], tasks: null },
      ]);
      const { experimentRuns } = await data(
        '{ experimentRuns { nodes { name status startTime endTime experiment { name } } } }',
      );
      expect(experimentRuns.nodes).toEqual([
        {
          name: 'run',
          status: null,
          startTime: null,
          endTime: '1970-01-01T00:00:05.000Z',
          experiment: { name: 'trial' },
        },
        { name: '', status: null, startTime: null, endTime: null, experiment: { name: 'trial' } },
      ]);
      const { metrics } = await data('{ metrics { nodes { name value step } } }');
      expect(metrics.nodes).toEqual([
        { name: 'loss', value: null, step: '9223372036854775807' },
        { name: null, value: null, step: null },
      ]);
    });

    test('children without their owner in the name under the one that they are linked to', async () => {
      const { registeredModels } = await data(
        '{ registeredModels { nodes { versions { totalCount nodes { name registeredModel { name } } } latestVersion { name } } } }',
      );
      const of = (name: string) => ({ name, registeredModel: { name: 'model' } });
      expect(registeredModels.nodes).toEqual([
        {
          versions: { totalCount: 3, nodes: [of('no prefix'), of('of nobody'), of('colons: 1:2')] },
          latestVersion: { name: 'colons: 1:2' },
        },
        { versions: { totalCount: 0, nodes: [] }, latestVersion: null },
      ]);
      const one = await data('{ registeredModel(databaseId: "1") { versions { nodes { name } } } }');
      expect(one.registeredModel.versions.nodes).toHaveLength(3);
    });

    test('a version without its link nowhere', async () => {
      const rows = await data(`{
        contexts(filterQuery: "name = '1:half'") { nodes { databaseId registered { id } } }
        modelVersions { nodes { name } }
      }`);
      const [half] = rows.contexts.nodes;
      expect(half.registered).toBeNull();
      expect(rows.modelVersions.nodes.map(({ name }: { name: string }) => name)).not.toContain('half');
      const id = Buffer.from(`Context:${half.databaseId}`).toString('base64url');
      expect(
        await data(
          `{ modelVersion(databaseId: "${half.databaseId}") { name } node(id: "${id}") { __typename ... on ModelVersion { name } } }`,
        ),
      ).toEqual({ modelVersion: null, node: { __typename: 'Context' } });
    });

    test('services and deployments that name nothing, or what is gone', async () => {
      const { inferenceServices, serveModels } = await data(`{
        inferenceServices { nodes { name registeredModelId registeredModel { name } modelVersion { name } } }
        serveModels { nodes { name modelVersion { name } inferenceService { name } } }
      }`);
      expect(inferenceServices.nodes).toEqual([
        { name: 'names nothing', registeredModelId: null, registeredModel: null, modelVersion: null },
        { name: 'names what is gone', registeredModelId: '999', registeredModel: null, modelVersion: null },
        {
          name: 'of a model',
          registeredModelId: '1',
          registeredModel: { name: 'model' },
          modelVersion: { name: 'colons: 1:2' },
        },
      ]);
      expect(serveModels.nodes).toEqual([
        { name: null, modelVersion: null, inferenceService: { name: 'names nothing' } },
        { name: 'alone', modelVersion: null, inferenceService: null },
      ]);
    });

    test('a logged value by the last two low lines of its name', async () => {
      const { experimentRun } = await data(`{ experimentRun(databaseId: "${ids.run}") {
        all: metricHistory { totalCount nodes { name step } }
        loss: metricHistory(name: "loss", first: 1) { pageInfo { hasNextPage } nodes { name step } }
        deep: metricHistory(name: "loss__2", orderBy: { field: CREATE_TIME }) { totalCount nodes { name } }
        metrics { nodes { name } }
      } }`);
      expect(experimentRun.all.nodes.map(({ name }: { name: string }) => name)).toEqual([
        'loss__2',
        'loss',
        'loss__x',
        'loss',
      ]);
      expect(experimentRun.loss).toEqual({ pageInfo: { hasNextPage: true }, nodes: [{ name: 'loss', step: '2' }] });
      expect(experimentRun.deep).toEqual({ totalCount: 1, nodes: [{ name: 'loss__2' }] });
      expect(experimentRun.metrics.nodes).toEqual([]);
    });

    test('a logged value is a metric by its global id too', async () => {
      const { experimentRun } = await data(
        `{ experimentRun(databaseId: "${ids.run}") { metricHistory(first: 1) { nodes { id databaseId } } } }`,
      );
      const [{ id, databaseId }] = experimentRun.metricHistory.nodes;
      const shown = { __typename: 'Metric', name: 'loss__2', step: '1' };
      expect(
        await data(`{
          metric: node(id: "${id}") { __typename ... on Metric { name step } }
          artifact: node(id: "${id}") { __typename ... on Artifact { name } }
          same: artifact(databaseId: "${databaseId}") { registered { __typename ... on Metric { name step } } }
          registryArtifacts { nodes { name } }
        }`),
      ).toEqual({
        metric: shown,
        artifact: { __typename: 'Artifact', name: '9:loss__2__1700000000001' },
        same: { registered: shown },
        registryArtifacts: { nodes: [{ name: 'loss' }, { name: null }] },
      });
    });
  });
});

const { STRING, INT, STRUCT } = PropertyType;

/** Two of these are not as the registry declares them: a metric's value is a text, a model's description a number. */
const CONTEXT_TYPES = {
  'kf.RegisteredModel': { description: INT, state: STRING, language: STRUCT, tasks: STRUCT },
  'kf.ModelVersion': { state: STRING },
  'kf.Experiment': { state: STRING },
  'kf.ExperimentRun': { status: STRING, start_time_since_epoch: STRING, end_time_since_epoch: STRING },
  'kf.ServingEnvironment': { description: STRING },
  'kf.InferenceService': { registered_model_id: INT, model_version_id: INT },
};
const ARTIFACT_TYPES = { 'kf.Metric': { value: STRING, step: INT }, 'kf.MetricHistory': { step: INT } };
const EXECUTION_TYPES = { 'kf.ServeModel': { model_version_id: INT } };

/** Ids are given from 1 on, in the order of writing. */
const ids = { run: 9n };

async function putOddRows(store: MetadataStore): Promise<void> {
  const toTypes = (types: Readonly<Record<string, Readonly<Record<string, PropertyType>>>>) =>
    Object.entries(types).map(([name, declared]) => ({ name, properties: new Map(Object.entries(declared)) }));
  const typeIds = await store.putTypes({
    contextTypes: toTypes(CONTEXT_TYPES),
    artifactTypes: toTypes(ARTIFACT_TYPES),
    executionTypes: toTypes(EXECUTION_TYPES),
  });
  const typeId = (types: object, all: readonly bigint[], name: string) => all[Object.keys(types).indexOf(name)] ?? 0n;
  const context = (type: keyof typeof CONTEXT_TYPES, name: string, declared: Values = {}) => ({
    typeId: typeId(CONTEXT_TYPES, typeIds.contextTypeIds, type),
    name,
    ...properties(declared),
  });
  const text = (stringValue: string): Value => ({ stringValue });
  await store.putContexts({
    contexts: [
      context('kf.RegisteredModel', 'model', {
        state: text('SLEEPING'),
        description: { intValue: 7n },
        language: { structValue: { language: 'en' } },
        tasks: { structValue: { other: ['a'] } },
      }),
      context('kf.RegisteredModel', 'another', {
        state: text('LIVE'),
        language: { structValue: { language: ['en', 7, { a: 1 }] } },
      }),
      context('kf.ModelVersion', 'no prefix'),
      context('kf.ModelVersion', '999:of nobody'),
      context('kf.ModelVersion', '1:colons: 1:2'),
      context('kf.ModelVersion', '1:half'),
      context('kf.Experiment', 'trial'),
      context('kf.ServingEnvironment', 'environment'),
      context('kf.ExperimentRun', '7:run', {
        status: text('PAUSED'),
        start_time_since_epoch: text('soon'),
        end_time_since_epoch: text('5000'),
      }),
      context('kf.ExperimentRun', '7:', {
        start_time_since_epoch: text(''),
        end_time_since_epoch: text('9'.repeat(40)),
      }),
      context('kf.InferenceService', '8:names nothing'),
      context('kf.InferenceService', '8:names what is gone', {
        registered_model_id: { intValue: 999n },
        model_version_id: { intValue: 999n },
      }),
      context('kf.InferenceService', '8:of a model', { registered_model_id: { intValue: 1n } }),
    ],
  });
  const artifact = (type: keyof typeof ARTIFACT_TYPES, name: string | undefined, declared: Values = {}) => ({
    typeId: typeId(ARTIFACT_TYPES, typeIds.artifactTypeIds, type),
    name,
    ...properties(declared),
  });
  const step = (intValue: bigint) => ({ step: { intValue } });
  const { artifactIds } = await store.putArtifacts({
    artifacts: [
      artifact('kf.Metric', '9:loss', { value: text('low'), ...step(2n ** 63n - 1n) }),
      artifact('kf.Metric', undefined),
      artifact('kf.MetricHistory', '9:loss__2__1700000000001', step(1n)),
      artifact('kf.MetricHistory', '9:loss__1700000000002', step(2n)),
      artifact('kf.MetricHistory', '9:loss__x', step(3n)),
      artifact('kf.MetricHistory', '9:loss__1700000000003', step(4n)),
    ],
  });
  const execution = typeId(EXECUTION_TYPES, typeIds.executionTypeIds, 'kf.ServeModel');
  const { executionIds } = await store.putExecutions({
    executions: [
      { typeId: execution, ...properties({ model_version_id: { intValue: 999n } }) },
      { typeId: execution, name: 'alone', ...properties() },
    ],
  });
  const links = [
    [3n, 1n],
    [4n, 1n],
    [5n, 1n],
    [9n, 7n],
    [10n, 7n],
    [11n, 8n],
    [12n, 8n],
    [13n, 8n],
  ] as const;
  await store.putParentContexts({ parentContexts: links.map(([childId, parentId]) => ({ childId, parentId })) });
  await store.putAttributionsAndAssociations({
    attributions: artifactIds.slice(2).map((artifactId) => ({ artifactId, contextId: ids.run })),
    associations: executionIds.slice(0, 1).map((executionId) => ({ executionId, contextId: 11n })),
  });
}
