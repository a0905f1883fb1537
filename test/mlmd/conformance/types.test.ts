import { expect, test } from 'vitest';

import { expectCode, onBothStores } from './on-both-stores.ts';

const int = new Map([['a', 1 as const]]);
const intAndText = new Map([
  ['a', 1 as const],
  ['b', 3 as const],
]);
const text = new Map([['b', 3 as const]]);
const none = new Map<string, never>();

onBothStores('types', (open) => {
  test('PutArtifactType: a type is made once, and extended where that is allowed', async () => {
    const { store, unique } = await open();
    const name = `T${unique}`;
    const { typeId } = await store.putArtifactType({ artifactType: { name, properties: int } });
    expect(await store.putArtifactType({ artifactType: { name, properties: int } })).toEqual({ typeId });
    await expectCode(store.putArtifactType({ artifactType: { name, properties: intAndText } }), 'ALREADY_EXISTS');
    await store.putArtifactType({ artifactType: { name, properties: intAndText }, canAddFields: true });
    await expectCode(store.putArtifactType({ artifactType: { name, properties: text } }), 'ALREADY_EXISTS');
    await store.putArtifactType({ artifactType: { name, properties: text }, canOmitFields: true });
    const { artifactType } = await store.getArtifactType({ typeName: name });
    expect(artifactType).toMatchObject({ id: typeId, name, properties: intAndText });
  });

  test('PutArtifactType: what is refused', async () => {
    const { store, unique } = await open();
    await expectCode(store.putArtifactType({ artifactType: { properties: none } }), 'INVALID_ARGUMENT');
    await expectCode(
      store.putArtifactType({ artifactType: { name: `T${unique}`, properties: int }, allFieldsMatch: false }),
      'UNIMPLEMENTED',
    );
    const unknownKind = new Map([['a', 0 as const]]);
    await expectCode(
      store.putArtifactType({ artifactType: { name: `T${unique}`, properties: unknownKind } }),
      'INVALID_ARGUMENT',
    );
  });

  test('GetArtifactType, GetArtifactTypes, GetArtifactTypesByID: versions are types of their own', async () => {
    const { store, unique } = await open();
    const typeName = `T${unique}`;
    const put = (version?: string) =>
      store.putArtifactType({ artifactType: { name: typeName, version, properties: none } });
    const { typeId: bare = 0n } = await put();
    const { typeId: second = 0n } = await put('2');
    expect((await store.getArtifactType({ typeName })).artifactType?.id).toBe(bare);
    expect((await store.getArtifactType({ typeName, typeVersion: '' })).artifactType?.id).toBe(bare);
    expect((await store.getArtifactType({ typeName, typeVersion: '2' })).artifactType?.id).toBe(second);
    await expectCode(store.getArtifactType({ typeName, typeVersion: '3' }), 'NOT_FOUND');
    const { artifactTypes } = await store.getArtifactTypesById({ typeIds: [second, 9_999n, bare, second] });
    expect(artifactTypes.map(({ id }) => id)).toEqual([second, bare, second]);
    const all = (await store.getArtifactTypes({})).artifactTypes;
    expect(all.filter(({ name }) => name === typeName).map(({ version }) => version || undefined)).toEqual([
      undefined,
      '2',
    ]);
    expect(all.filter(({ name }) => name?.startsWith('mlmd.'))).toEqual([]);
  });

  test('base types: given once, kept, and read back', async () => {
    const { store, unique } = await open();
    const name = `T${unique}`;
    const put = (baseType?: 1 | 2) => store.putArtifactType({ artifactType: { name, properties: none, baseType } });
    await put(2);
    await put();
    await expectCode(put(1), 'UNIMPLEMENTED');
    expect((await store.getArtifactType({ typeName: name })).artifactType?.baseType).toBe(2);
  });

  test('PutExecutionType, GetExecutionType(s)(ByID): with input and output types', async () => {
    const { store, unique } = await open();
    const typeName = `T${unique}`;
    const executionType = {
      name: typeName,
      properties: int,
      inputType: { any: {} },
      outputType: { none: {} },
      baseType: 1 as const,
    };
    const { typeId = 0n } = await store.putExecutionType({ executionType });
    expect((await store.getExecutionType({ typeName })).executionType).toMatchObject({ id: typeId, ...executionType });
    expect((await store.getExecutionTypesById({ typeIds: [typeId] })).executionTypes).toMatchObject([executionType]);
    const all = (await store.getExecutionTypes({})).executionTypes;
    expect(all.find(({ id }) => id === typeId)).toMatchObject({ name: typeName });
    await expectCode(store.getExecutionType({ typeName: 'none' }), 'NOT_FOUND');
    await expectCode(store.putExecutionType({}), 'INVALID_ARGUMENT');
  });

  test('PutContextType, GetContextType(s)(ByID)', async () => {
    const { store, unique } = await open();
    const contextType = { name: `T${unique}`, version: '1', description: 'é', properties: int };
    const { typeId = 0n } = await store.putContextType({ contextType });
    const named = { typeName: contextType.name, typeVersion: '1' };
    expect((await store.getContextType(named)).contextType).toMatchObject({ id: typeId, ...contextType });
    expect((await store.getContextTypesById({ typeIds: [typeId] })).contextTypes).toMatchObject([contextType]);
    const all = (await store.getContextTypes({})).contextTypes;
    expect(all.find(({ id }) => id === typeId)).toMatchObject(contextType);
    await expectCode(store.getContextType({ typeName: contextType.name }), 'NOT_FOUND');
  });

  test('Get…TypesByExternalIds: the types found, NOT_FOUND for none, INVALID_ARGUMENT for an empty one', async () => {
    const { store, unique } = await open();
    const [a, e, c] = ['a', 'e', 'c'].map((letter) => `${letter}${unique}`);
    await store.putTypes({
      artifactTypes: [{ name: `TA${unique}`, properties: none, externalId: a }],
      executionTypes: [{ name: `TE${unique}`, properties: none, externalId: e }],
      contextTypes: [{ name: `TC${unique}`, properties: none, externalId: c }],
    });
    const externalIds = [a ?? '', e ?? '', c ?? ''];
    const { artifactTypes } = await store.getArtifactTypesByExternalIds({ externalIds });
    const { executionTypes } = await store.getExecutionTypesByExternalIds({ externalIds });
    const { contextTypes } = await store.getContextTypesByExternalIds({ externalIds });
    expect(
      [artifactTypes, executionTypes, contextTypes].map((types) => types.map(({ externalId }) => externalId)),
    ).toEqual([[a], [e], [c]]);
    for (const call of [
      store.getArtifactTypesByExternalIds,
      store.getExecutionTypesByExternalIds,
      store.getContextTypesByExternalIds,
    ]) {
      await expectCode(call({ externalIds: ['none'] }), 'NOT_FOUND');
      await expectCode(call({ externalIds: [''] }), 'INVALID_ARGUMENT');
    }
  });

  test('PutTypes: all or none', async () => {
    const { store, unique } = await open();
    const good = { name: `good${unique}`, properties: none };
    const put = store.putTypes({
      artifactTypes: [good],
      executionTypes: [good, { properties: none }],
      contextTypes: [],
    });
    await expectCode(put, 'INVALID_ARGUMENT');
    await expectCode(store.getArtifactType({ typeName: good.name }), 'NOT_FOUND');
  });
});
