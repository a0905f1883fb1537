import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { KINDS, openRegistry, plain, type Registry, rowOf } from './rig.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A model with a version, an experiment with a run, an environment with a service: ids 1 to 6. */
async function fill(registry: Registry): Promise<void> {
  await registry.do('createRegisteredModel', { name: 'model' });
  await registry.do('createModelVersion', { registeredModelId: '1', name: 'v1' });
  await registry.do('createExperiment', { name: 'experiment' });
  await registry.do('createExperimentRun', { experimentId: '3', name: 'run' });
  await registry.do('createServingEnvironment', { name: 'environment' });
  await registry.do('createInferenceService', { servingEnvironmentId: '5', name: 'service', registeredModelId: '1' });
}

const custom = [
  { name: 's', value: { stringValue: '' } },
  { name: 'an int', value: { intValue: '9223372036854775807' } },
  { name: 'd.o.t', value: { doubleValue: 0.5 } },
  { name: 'b', value: { boolValue: false } },
  { name: 'st', value: { structValue: { a: [1, null, { b: 'c' }] } } },
];

const customStored = {
  s: '',
  'an int': 9223372036854775807n,
  'd.o.t': 0.5,
  b: false,
  st: { a: [1, null, { b: 'c' }] },
};

describe.each(KINDS)('on the %s store', (kind) => {
  let shared: Awaited<ReturnType<typeof openRegistry>>;
  beforeAll(async () => {
    shared = await openRegistry(kind);
    await fill(shared);
  });
  afterAll(() => shared[Symbol.asyncDispose]());

  test.each([
    [
      'createRegisteredModel',
      'kf.RegisteredModel',
      'n:1',
      { name: 'n:1', description: 'd', readme: '# r', licenseLink: 'https://l', language: ['en', 'it'], tasks: [] },
      {
        properties: {
          description: 'd',
          readme: '# r',
          license_link: 'https://l',
          language: { language: ['en', 'it'] },
          state: 'LIVE',
        },
      },
    ],
    [
      'createModelVersion',
      'kf.ModelVersion',
      '1:a:b',
      { registeredModelId: '1', name: 'a:b', author: 'ada', state: 'ARCHIVED', externalId: 'x' },
      {
        externalId: 'x',
        properties: { author: 'ada', state: 'ARCHIVED', version: 'a:b', model_name: 'model' },
      },
    ],
    [
      'createExperimentRun',
      'kf.ExperimentRun',
      '3:r',
      { experimentId: '3', name: 'r', startTime: '2024-02-20T07:06:37.765+01:00' },
      { properties: { status: 'RUNNING', state: 'LIVE', start_time_since_epoch: '1708409197765' } },
    ],
    [
      'createInferenceService',
      'kf.InferenceService',
      '5:s',
      { servingEnvironmentId: '5', name: 's', registeredModelId: '1', modelVersionId: '2', runtime: 'triton' },
      {
        properties: {
          serving_environment_id: 5n,
          registered_model_id: 1n,
          model_version_id: 2n,
          desired_state: 'DEPLOYED',
          runtime: 'triton',
        },
      },
    ],
    [
      'createServeModel',
      'kf.ServeModel',
      '6:d',
      { inferenceServiceId: '6', name: 'd', modelVersionId: '2', lastKnownState: 'NEW' },
      { lastKnownState: 1, properties: { model_version_id: 2n } },
    ],
    [
      'createModelArtifact',
      'kf.ModelArtifact',
      '2:a',
      { parentId: '2', name: 'a', uri: 's3://m', modelFormatName: 'onnx' },
      { uri: 's3://m', state: 0, properties: { model_format_name: 'onnx' } },
    ],
    [
      'createDataSet',
      'kf.DataSet',
      '4:a',
      { parentId: '4', name: 'a', digest: 'x', state: 'LIVE' },
      { uri: '', state: 2, properties: { digest: 'x' } },
    ],
    [
      'createMetric',
      'kf.Metric',
      '2:a',
      { parentId: '2', name: 'a', value: 0.25, step: '-3', timestamp: '17' },
      { state: 0, properties: { value: 0.25, step: -3n, timestamp: '17' } },
    ],
    [
      'createParameter',
      'kf.Parameter',
      '4:a',
      { parentId: '4', name: 'a', value: '5', parameterType: 'NUMBER' },
      { state: 0, properties: { value: '5', parameter_type: 'number' } },
    ],
    [
      'createParameter',
      'kf.Parameter',
      '4:b',
      { parentId: '4', name: 'b', value: '' },
      { properties: { value: '', parameter_type: 'string' } },
    ],
  ])('%s stores a row of %s as the Go registry does', async (name, type, storedName, input, stored) => {
    const told = await shared.do(name, { ...input, customProperties: custom });
    expect(told).toEqual({ userErrors: [], warnings: [], conditional: null });
    const row = await rowOf(shared.store, type, storedName);
    expect({
      ...row,
      properties: plain(row?.properties),
      customProperties: plain(row?.customProperties),
    }).toMatchObject({ ...stored, customProperties: customStored });
    expect(Object.keys(plain(row?.properties)).sort()).toEqual(Object.keys(stored.properties).sort());
  });

  test('a row is linked to its owner as MLMD has it', async () => {
    await using registry = await openRegistry(kind);
    await fill(registry);
    const { store } = registry;
    const parents = async (contextId: bigint) =>
      (await store.getParentContextsByContext({ contextId })).contexts.map(({ id }) => id);
    expect([await parents(2n), await parents(4n), await parents(6n)]).toEqual([[1n], [3n], [5n]]);
    await registry.do('createDocArtifact', { parentId: '2', name: 'card' });
    await registry.do('createServeModel', { inferenceServiceId: '6', modelVersionId: '2' });
    const { artifacts } = await store.getArtifactsByContext({ contextId: 2n });
    expect(artifacts.map(({ name }) => name)).toEqual(['2:card']);
    const { executions } = await store.getExecutionsByContext({ contextId: 6n });
    const [prefix, name = ''] = executions[0]?.name?.split(':') ?? [];
    expect({ prefix, count: executions.length }).toEqual({ prefix: '6', count: 1 });
    expect(name).toMatch(UUID);
  });

  test('an artifact without a parent has a UUID in its name, and its name need not be its own', async () => {
    await using registry = await openRegistry(kind);
    for (const name of ['same', 'same', undefined]) await registry.do('createModelArtifact', { name });
    const { artifacts } = await registry.store.getArtifacts({});
    const names = artifacts.map(({ name = '' }) => name.split(':'));
    expect(names.flat().filter((part) => UUID.test(part))).toHaveLength(4);
    expect(names.map(([, name]) => name).filter((name) => name === 'same')).toHaveLength(2);
  });

  test('a metric of a run begins a history, one of a version does not', async () => {
    await using registry = await openRegistry(kind);
    await fill(registry);
    await registry.do('createMetric', { parentId: '4', name: 'loss', value: 1, externalId: 'x' });
    await registry.do('createMetric', { parentId: '2', name: 'loss', value: 1 });
    const { artifacts } = await registry.store.getArtifactsByType({ typeName: 'kf.MetricHistory' });
    expect(artifacts.map(({ name }) => name)).toEqual([expect.stringMatching(/^4:loss__\d{13}$/)]);
    const { contexts } = await registry.store.getContextsByArtifact({ artifactId: artifacts[0]?.id });
    expect(contexts.map(({ id }) => id)).toEqual([4n]);
  });

  test('what is archived takes children still, with a warning', async () => {
    await using registry = await openRegistry(kind);
    await fill(registry);
    for (const [name, databaseId] of [
      ['archiveRegisteredModel', '1'],
      ['archiveExperimentRun', '4'],
      ['archiveServingEnvironment', '5'],
      ['archiveInferenceService', '6'],
    ] as const)
      await registry.do(name, { databaseId });
    const warnings = [
      await registry.do('createModelVersion', { registeredModelId: '1', name: 'v2' }),
      await registry.do('createMetric', { parentId: '4', name: 'a', value: 1 }),
      await registry.do('upsertArtifact', { parentId: '4', metric: { name: 'a', value: 1 } }),
      await registry.do('logRun', { experimentRunId: '4', metrics: [{ name: 'a', value: 1 }] }),
      await registry.do('createInferenceService', { servingEnvironmentId: '5', registeredModelId: '1' }),
      await registry.do('createServeModel', { inferenceServiceId: '6', modelVersionId: '2' }),
    ].map((told) => told.warnings.map(({ code }) => code));
    expect(warnings).toEqual(Array(6).fill(['PARENT_ARCHIVED']));
    await registry.do('restoreServingEnvironment', { databaseId: '5' });
    const told = await registry.do('createInferenceService', { servingEnvironmentId: '5', registeredModelId: '1' });
    expect(told.warnings).toEqual([]);
  });
});
