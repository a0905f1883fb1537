import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { KINDS, openRegistry, plain } from './rig.ts';

const customs = (...names: readonly string[]) =>
  names.map((name) => ({ name, value: { stringValue: `custom ${name}` } }));

/** The largest double: its first 15 digits are larger than any. */
const LARGEST = 1.7976931348623157e308;

type Row = readonly [string, object, readonly string[]];

/** Changes of a field or custom property beside another of its name, and the place at which an MLMD server's are refused. */
const TWINS: readonly Row[] = [
  ['updateRegisteredModel', { databaseId: '1', owner: 'o' }, ['owner']],
  ['updateRegisteredModel', { databaseId: '1', libraryName: null }, ['libraryName']],
  [
    'updateRegisteredModel',
    { databaseId: '1', setCustomProperties: customs('a', 'logo') },
    ['setCustomProperties', '1'],
  ],
  [
    'updateRegisteredModel',
    { databaseId: '1', removeCustomProperties: ['library_name'] },
    ['removeCustomProperties', '0'],
  ],
  [
    'updateRegisteredModel',
    { databaseId: '1', replaceCustomProperties: customs('owner', 'state') },
    ['replaceCustomProperties'],
  ],
  ['archiveRegisteredModel', { databaseId: '1' }, ['databaseId']],
  ['updateModelVersion', { databaseId: '2', removeCustomProperties: ['version'] }, ['removeCustomProperties', '0']],
  [
    'updateInferenceService',
    { databaseId: '4', setCustomProperties: customs('registered_model_id') },
    ['setCustomProperties', '0'],
  ],
  ['upsertArtifact', { parentId: '6', metric: { name: 'm', value: 2 } }, ['metric', 'value']],
  [
    'upsertArtifact',
    { parentId: '2', databaseId: '3', parameter: { customProperties: customs('description') } },
    ['parameter', 'customProperties', '0'],
  ],
  [
    'logRun',
    {
      experimentRunId: '6',
      metrics: [
        { name: 'n', value: 2 },
        { name: 'm', value: 2 },
      ],
    },
    ['metrics', '1', 'value'],
  ],
];

describe.each(KINDS)('what an MLMD server does not keep, %s store', (kind) => {
  let registry: Awaited<ReturnType<typeof openRegistry>>;
  beforeAll(async () => {
    registry = await openRegistry(kind);
    const customProperties = customs('owner', 'library_name', 'state');
    await registry.do('createRegisteredModel', { name: 'm', libraryName: 'l', customProperties });
    await registry.do('createModelVersion', {
      registeredModelId: '1',
      name: 'v',
      customProperties: customs('version'),
    });
    await registry.do('createServingEnvironment', { name: 'e' });
    await registry.do('createInferenceService', { servingEnvironmentId: '3', name: 's', registeredModelId: '1' });
    await registry.do('createExperiment', { name: 'e' });
    await registry.do('createExperimentRun', { experimentId: '5', name: 'r' });
    await registry.do('createMetric', { parentId: '6', name: 'm', value: 1, customProperties: customs('value') });
    await registry.do('createParameter', { parentId: '2', name: 'p', value: 'x' });
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  const everything = async () => [
    (await registry.store.getContexts({})).contexts,
    (await registry.store.getArtifacts({})).artifacts,
  ];

  test('a new row has both of a name', async () => {
    const { contexts } = await registry.store.getContextsById({ contextIds: [1n] });
    expect(contexts.map(({ properties }) => plain(properties))).toEqual([{ library_name: 'l', state: 'LIVE' }]);
    expect(contexts.map(({ customProperties }) => plain(customProperties))).toEqual([
      { owner: 'custom owner', library_name: 'custom library_name', state: 'custom state' },
    ]);
  });

  test.each([
    ['createRegisteredModel', 'customProperties', { name: 'large' }],
    ['updateRegisteredModel', 'setCustomProperties', { databaseId: '1' }],
  ])('%s with the largest double', async (name, argument, input) => {
    const properties = [...customs('a'), { name: 'x', value: { doubleValue: -LARGEST } }];
    const before = await everything();
    const refused = await registry.refused(name, { ...input, [argument]: properties });
    if (kind === 'embedded') return expect(refused).toEqual([]);
    expect(refused).toMatchObject([{ code: 'INVALID_VALUE', field: [argument, '1', 'value', 'doubleValue'] }]);
    expect(await everything()).toEqual(before);
  });

  test.each([
    ['createMetric', { parentId: '6', name: 'large', value: LARGEST }, ['value']],
    ['upsertArtifact', { parentId: '6', metric: { name: 'large', value: LARGEST } }, ['metric', 'value']],
    ['logRun', { experimentRunId: '6', metrics: [{ name: 'large', value: LARGEST }] }, ['metrics', '0', 'value']],
  ] as const)('%s of the largest double', async (name, input, field) => {
    const before = await everything();
    const refused = await registry.refused(name, input);
    if (kind === 'embedded') return expect(refused).toEqual([]);
    expect(refused).toMatchObject([{ code: 'INVALID_VALUE', field }]);
    expect(await everything()).toEqual(before);
  });

  test('a double of 15 digits is as large as they come', async () => {
    const value = 1.79769313486231e308;
    await registry.do('createMetric', { parentId: '2', name: 'fits', value });
    const { artifact } = await registry.store.getArtifactByTypeAndName({
      typeName: 'kf.Metric',
      artifactName: '2:fits',
    });
    expect(plain(artifact?.properties)).toMatchObject({ value });
  });

  test.each(TWINS)('%s of %j', async (name, input, field) => {
    const before = await everything();
    const refused = await registry.refused(name, { ...input });
    if (kind === 'embedded') return expect(refused).toEqual([]);
    expect(refused).toMatchObject([{ code: 'INVALID_VALUE', field }]);
    expect(await everything()).toEqual(before);
  });

  test('one that stays as it is, or has no other of its name, is no matter', async () => {
    await registry.do('createRegisteredModel', { name: 'n', customProperties: customs('owner', 'state', 'a') });
    const databaseId = await registry.id('kf.RegisteredModel', 'n');
    await registry.do('updateRegisteredModel', {
      ...{ databaseId, state: 'LIVE', provider: 'p' },
      setCustomProperties: [...customs('state'), { name: 'a', value: { intValue: '1' } }],
      removeCustomProperties: ['owner', 'logo'],
    });
    await registry.do('updateRegisteredModel', { databaseId, owner: 'o' });
    const { contexts } = await registry.store.getContextsById({ contextIds: [BigInt(databaseId)] });
    expect(contexts.map(({ properties }) => plain(properties))).toEqual([{ owner: 'o', provider: 'p', state: 'LIVE' }]);
    expect(contexts.map(({ customProperties }) => plain(customProperties))).toEqual([{ a: 1n, state: 'custom state' }]);
  });
});

describe.each(KINDS.filter((kind) => kind === 'embedded'))('on the %s store', (kind) => {
  test('both of a name are kept, whichever is changed', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm', description: 'd', owner: 'o' });
    const change = (input: object) => registry.do('updateRegisteredModel', { databaseId: '1', ...input });
    await change({ setCustomProperties: customs('description', 'owner') });
    await change({ owner: 'o2', removeCustomProperties: ['description'] });
    const { contexts } = await registry.store.getContexts({});
    expect(contexts.map(({ properties }) => plain(properties))).toEqual([
      { description: 'd', owner: 'o2', state: 'LIVE' },
    ]);
    expect(contexts.map(({ customProperties }) => plain(customProperties))).toEqual([{ owner: 'custom owner' }]);
  });
});
