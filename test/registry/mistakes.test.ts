import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { KINDS, openRegistry, send } from './rig.ts';

const GREATEST = '9223372036854775807';

const property = (value: unknown, name = 'p') => ({ customProperties: [{ name, value }] });

type Row = readonly [string, Record<string, unknown>, string, readonly string[], string?];

function toCase([name, input, code, field, words]: Row) {
  return { name, input, code, field, words };
}

/** An object that is nested so deep. */
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

/** Mutations of one mistake each: what they are refused for, and where. */
const ONE: readonly Row[] = [
  ['createRegisteredModel', { name: '' }, 'INVALID_VALUE', ['name']],
  ['createRegisteredModel', { name: ' \t' }, 'INVALID_VALUE', ['name']],
  ['createRegisteredModel', { name: 'n'.repeat(256) }, 'INVALID_VALUE', ['name'], 'may have 255'],
  ['createModelVersion', { registeredModelId: '1', name: 'n'.repeat(254) }, 'INVALID_VALUE', ['name'], 'may have 253'],
  ['createMetric', { parentId: '2', name: 'n'.repeat(239), value: 1 }, 'INVALID_VALUE', ['name'], 'may have 238'],
  ['createDocArtifact', { name: 'n'.repeat(219) }, 'INVALID_VALUE', ['name'], 'may have 218'],
  ['createRegisteredModel', { name: 'm' }, 'NAME_TAKEN', ['name']],
  ['createModelVersion', { registeredModelId: '1', name: 'v' }, 'NAME_TAKEN', ['name']],
  ['createModelArtifact', { parentId: '2', name: 'a' }, 'NAME_TAKEN', ['name']],
  ['createServeModel', { inferenceServiceId: '6', name: 'd', modelVersionId: '2' }, 'NAME_TAKEN', ['name']],
  ['createExperiment', { name: 'n', externalId: 'x' }, 'EXTERNAL_ID_TAKEN', ['externalId']],
  ['createModelArtifact', { externalId: 'xa' }, 'EXTERNAL_ID_TAKEN', ['externalId']],
  ['updateModelVersion', { databaseId: '2', externalId: 'x' }, 'EXTERNAL_ID_TAKEN', ['externalId']],
  ['createExperiment', { name: 'n', externalId: '' }, 'INVALID_VALUE', ['externalId']],
  ['createExperiment', { name: 'n', externalId: 'x'.repeat(256) }, 'INVALID_VALUE', ['externalId']],
  ['createModelVersion', { registeredModelId: '99', name: 'n' }, 'NOT_FOUND', ['registeredModelId']],
  ['createModelVersion', { registeredModelId: '3', name: 'n' }, 'NOT_FOUND', ['registeredModelId']],
  ['createModelVersion', { registeredModelId: 'x', name: 'n' }, 'INVALID_VALUE', ['registeredModelId']],
  ['createModelVersion', { registeredModelId: `${GREATEST}0`, name: 'n' }, 'INVALID_VALUE', ['registeredModelId']],
  ['createExperimentRun', { experimentId: '-1' }, 'NOT_FOUND', ['experimentId']],
  [
    'createInferenceService',
    { servingEnvironmentId: '1', registeredModelId: '1' },
    'NOT_FOUND',
    ['servingEnvironmentId'],
  ],
  ['createInferenceService', { servingEnvironmentId: '5', registeredModelId: '2' }, 'NOT_FOUND', ['registeredModelId']],
  [
    'createInferenceService',
    { servingEnvironmentId: '5', registeredModelId: '1', modelVersionId: '9' },
    'NOT_FOUND',
    ['modelVersionId'],
  ],
  ['createServeModel', { inferenceServiceId: '6', modelVersionId: '1' }, 'NOT_FOUND', ['modelVersionId']],
  ['createServeModel', { inferenceServiceId: '2', modelVersionId: '2' }, 'NOT_FOUND', ['inferenceServiceId']],
  ['createMetric', { parentId: '1', name: 'n', value: 1 }, 'NOT_FOUND', ['parentId']],
  ['updateRegisteredModel', { databaseId: '2' }, 'NOT_FOUND', ['databaseId']],
  ['updateServeModel', { databaseId: '5' }, 'NOT_FOUND', ['databaseId']],
  ['archiveExperiment', { databaseId: '99' }, 'NOT_FOUND', ['databaseId']],
  ['updateInferenceService', { databaseId: '6', modelVersionId: '4' }, 'NOT_FOUND', ['modelVersionId']],
  ['updateExperiment', { databaseId: '3', state: null }, 'INVALID_VALUE', ['state']],
  ['updateParameter', { databaseId: '3', value: null }, 'INVALID_VALUE', ['value']],
  ['updateParameter', { databaseId: '3', parameterType: null }, 'INVALID_VALUE', ['parameterType']],
  ['updateInferenceService', { databaseId: '6', desiredState: null }, 'INVALID_VALUE', ['desiredState']],
  ['createExperiment', { name: 'n', description: 'd'.repeat(65_537) }, 'INVALID_VALUE', ['description'], '65536'],
  ['createRegisteredModel', { name: 'n', readme: 'ü'.repeat(262_145) }, 'INVALID_VALUE', ['readme'], '524288'],
  ['createRegisteredModel', { name: 'n', logo: 'data:, x' }, 'INVALID_VALUE', ['logo']],
  ['createRegisteredModel', { name: 'n', licenseLink: 'https://a\nb' }, 'INVALID_VALUE', ['licenseLink']],
  ['createRegisteredModel', { name: 'n', owner: 'mlmd-struct::x' }, 'INVALID_VALUE', ['owner']],
  ['createModelArtifact', { uri: 's3://a\u007f' }, 'INVALID_VALUE', ['uri']],
  ['createMetric', { parentId: '2', name: 'n', value: 1, timestamp: 'now' }, 'INVALID_VALUE', ['timestamp']],
  ['createExperiment', { name: 'n', ...property({}) }, 'INVALID_VALUE', ['customProperties', '0', 'value']],
  [
    'createExperiment',
    { name: 'n', ...property({ stringValue: 'a', boolValue: true }) },
    'INVALID_VALUE',
    ['customProperties', '0', 'value'],
  ],
  [
    'createExperiment',
    { name: 'n', ...property({ boolValue: true }, '') },
    'INVALID_VALUE',
    ['customProperties', '0', 'name'],
  ],
  [
    'createExperiment',
    { name: 'n', ...property({ boolValue: true }, 'n'.repeat(256)) },
    'INVALID_VALUE',
    ['customProperties', '0', 'name'],
  ],
  [
    'createExperiment',
    {
      name: 'n',
      customProperties: [...property({ intValue: 1 }).customProperties, ...property({ intValue: 2 }).customProperties],
    },
    'INVALID_VALUE',
    ['customProperties', '1', 'name'],
  ],
  ...[[1], 'text', nested(31), { a: 'x'.repeat(65_536) }].map(
    (structValue) =>
      [
        'createExperiment',
        { name: 'n', ...property({ structValue }) },
        'INVALID_VALUE',
        ['customProperties', '0', 'value', 'structValue'],
      ] as const,
  ),
  [
    'updateExperiment',
    { databaseId: '3', setCustomProperties: property({ intValue: 1 }).customProperties, removeCustomProperties: ['p'] },
    'INVALID_VALUE',
    ['removeCustomProperties', '0'],
  ],
  ['upsertArtifact', { parentId: '2', metric: { name: 'n' } }, 'INVALID_VALUE', ['metric', 'value']],
  ['upsertArtifact', { parentId: '2', parameter: { value: 'n' } }, 'INVALID_VALUE', ['parameter', 'name']],
  ['upsertArtifact', { parentId: '2', metric: { name: 'n', value: null } }, 'INVALID_VALUE', ['metric', 'value']],
  [
    'upsertArtifact',
    { parentId: '2', metric: { name: 'acc', value: null } },
    'INVALID_VALUE',
    ['metric', 'value'],
    'cannot be taken away',
  ],
  [
    'upsertArtifact',
    { parentId: '2', databaseId: '1', modelArtifact: { state: null } },
    'INVALID_VALUE',
    ['modelArtifact', 'state'],
    'cannot be taken away',
  ],
  [
    'logRun',
    { experimentRunId: '4', parameters: [{ name: 'there', value: '2', parameterType: null }] },
    'INVALID_VALUE',
    ['parameters', '0', 'parameterType'],
    'cannot be taken away',
  ],
  [
    'createInferenceService',
    { servingEnvironmentId: '5', registeredModelId: '7', modelVersionId: '2' },
    'INVALID_VALUE',
    ['modelVersionId'],
    'registered model 7',
  ],
  ['updateInferenceService', { databaseId: '6', modelVersionId: '8' }, 'INVALID_VALUE', ['modelVersionId']],
  [
    'upsertArtifact',
    { parentId: '2', databaseId: '1', modelArtifact: { name: 'b' } },
    'INVALID_VALUE',
    ['modelArtifact', 'name'],
  ],
  ['upsertArtifact', { parentId: '2', databaseId: '1', dataSet: { digest: 'b' } }, 'NOT_FOUND', ['databaseId']],
  ['upsertArtifact', { parentId: '6', dataSet: { digest: 'b' } }, 'NOT_FOUND', ['parentId']],
  ['upsertArtifact', { parentId: '2', dataSet: { externalId: 'xa' } }, 'EXTERNAL_ID_TAKEN', ['dataSet', 'externalId']],
  ['logRun', { experimentRunId: '2' }, 'NOT_FOUND', ['experimentRunId']],
  ['logRun', { experimentRunId: '4', metrics: [{ name: '', value: 1 }] }, 'INVALID_VALUE', ['metrics', '0', 'name']],
  [
    'logRun',
    { experimentRunId: '4', parameters: ['a', 'a'].map((name) => ({ name, value: '' })) },
    'INVALID_VALUE',
    ['parameters', '1', 'name'],
  ],
];

describe.each(KINDS)('on the %s store', (kind) => {
  let registry: Awaited<ReturnType<typeof openRegistry>>;
  let holders: Readonly<Record<string, string>>;
  beforeAll(async () => {
    registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm', externalId: 'x' });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'v' });
    await registry.do('createExperiment', { name: 'e' });
    await registry.do('createExperimentRun', { experimentId: '3', name: 'r' });
    await registry.do('createServingEnvironment', { name: 'e' });
    await registry.do('createInferenceService', { servingEnvironmentId: '5', name: 's', registeredModelId: '1' });
    await registry.do('createServeModel', { inferenceServiceId: '6', name: 'd', modelVersionId: '2' });
    await registry.do('createModelArtifact', { parentId: '2', name: 'a', externalId: 'xa' });
    await registry.do('createMetric', { parentId: '2', name: 'acc', value: 1 });
    await registry.do('createParameter', { parentId: '2', name: 'lr', value: '1' });
    await registry.do('createRegisteredModel', { name: 'other' });
    await registry.do('createModelVersion', { registeredModelId: '7', name: 'v' });
    await registry.do('createParameter', { parentId: '4', name: 'there', value: '1' });
    holders = { createModelVersion: '2', updateModelVersion: '1' };
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  /** Everything in the store. */
  const everything = async () => [
    (await registry.store.getContexts({})).contexts,
    (await registry.store.getArtifacts({})).artifacts,
    (await registry.store.getExecutions({})).executions,
  ];

  test.each(ONE.map(toCase))('$name is refused with $code at $field', async ({ name, input, code, field, words }) => {
    const before = await everything();
    const userErrors = await registry.refused(name, input);
    expect(userErrors).toEqual([
      {
        code,
        field,
        message: expect.stringContaining(words ?? ''),
        databaseId: code.endsWith('_TAKEN') ? expect.stringMatching(/^[12]$/) : null,
      },
    ]);
    if (code === 'NAME_TAKEN' && holders[name]) expect(userErrors[0]?.databaseId).toBe(holders[name]);
    expect(await everything()).toEqual(before);
  });

  test('null in what is new is the same as nothing', async () => {
    const parameter = { name: 'null', value: '1', parameterType: null, state: null, description: null };
    for (const created of [true, false]) {
      const again = created ? parameter : { name: 'null', value: '2' };
      expect((await registry.do('upsertArtifact', { parentId: '2', parameter: again })).created).toBe(created);
    }
    await registry.do('logRun', {
      experimentRunId: '4',
      parameters: [{ name: 'null', value: '1', parameterType: null }],
    });
    const { artifacts } = await registry.store.getArtifactsByType({ typeName: 'kf.Parameter' });
    const types = artifacts.map(({ properties }) => properties.get('parameter_type')?.stringValue);
    expect(new Set(types)).toEqual(new Set(['string']));
  });

  test('a service is moved to another version of its model, and to none', async () => {
    const databaseId = '6';
    await registry.do('updateInferenceService', { databaseId, modelVersionId: '2' });
    await registry.do('updateInferenceService', { databaseId, description: 'of version 2' });
    await registry.do('updateInferenceService', { databaseId, modelVersionId: null });
  });

  test('all that is wrong is told at once', async () => {
    const before = await everything();
    const refused = await registry.refused('createInferenceService', {
      ...{ servingEnvironmentId: '99', registeredModelId: 'x', modelVersionId: '77', externalId: 'x', name: ' ' },
      customProperties: [{ name: '', value: {} }],
    });
    expect(refused.map(({ code, field }) => `${code} ${field?.join('.')}`).sort()).toEqual([
      'EXTERNAL_ID_TAKEN externalId',
      'INVALID_VALUE customProperties.0.name',
      'INVALID_VALUE customProperties.0.value',
      'INVALID_VALUE name',
      'INVALID_VALUE registeredModelId',
      'NOT_FOUND modelVersionId',
      'NOT_FOUND servingEnvironmentId',
    ]);
    const none = await registry.refused('upsertArtifact', { parentId: '2' });
    expect(none).toMatchObject([{ code: 'INVALID_VALUE', field: null }]);
    const both = await registry.refused('upsertArtifact', { parentId: '2', dataSet: {}, docArtifact: {} });
    expect(both).toMatchObject([{ code: 'INVALID_VALUE', field: null }]);
    const many = Array.from({ length: 1_001 }, () => ({ name: 'm', value: 1 }));
    expect(await registry.refused('logRun', { experimentRunId: '4', metrics: many })).toHaveLength(1);
    expect(await everything()).toEqual(before);
  });

  test('what is as long as it may be is stored', async () => {
    await registry.do('createRegisteredModel', { name: '😀'.repeat(255), readme: 'r'.repeat(524_288) });
    await registry.do('createModelVersion', { registeredModelId: '1', name: 'n'.repeat(253) });
    await registry.do('createMetric', { parentId: '4', name: 'n'.repeat(238), value: 1 });
    await registry.do('createExperiment', {
      ...{ name: 'long', externalId: 'x'.repeat(255), description: 'd'.repeat(65_536) },
      ...property({ structValue: nested(30) }, 'n'.repeat(255)),
    });
    const deep = await registry.store.getContextByTypeAndName({ typeName: 'kf.Experiment', contextName: 'long' });
    expect(deep.context?.customProperties.get('n'.repeat(255))?.structValue).toEqual(nested(30));
  });

  test('what GraphQL itself refuses is an error of the request', async () => {
    for (const [name, input] of [
      ['createRegisteredModel', {}],
      ['createRegisteredModel', { name: 'n', state: 'SLEEPING' }],
      ['createExperiment', { name: 'n', ...property({ intValue: '9223372036854775808' }) }],
      ['createExperiment', { name: 'n', ...property({ doubleValue: 'NaN' }) }],
      ['createExperimentRun', { experimentId: '3', startTime: '2024-02-30T00:00:00Z' }],
      ['createExperimentRun', { experimentId: '3', startTime: '2024-02-20' }],
    ] as const) {
      const { errors } = await send(registry.harness.url, name, input);
      expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    }
  });

  test('a mutation by GET is refused', async () => {
    const query = encodeURIComponent(
      'mutation { createExperiment(input: { name: "get" }) { userErrors { message } } }',
    );
    const headers = { 'apollo-require-preflight': 'true' };
    const response = await fetch(`${registry.harness.url}/graphql?query=${query}`, { headers });
    expect(response.status).toBe(405);
    const { context } = await registry.store.getContextByTypeAndName({ typeName: 'kf.Experiment', contextName: 'get' });
    expect(context).toBeUndefined();
  });
});
