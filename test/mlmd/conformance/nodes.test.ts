import { expect, test } from 'vitest';

import type { Value } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { expectCode, onBothStores, plain } from './on-both-stores.ts';

const one = new Map<string, Value>([['n', { intValue: 1n }]]);
const two = new Map<string, Value>([['n', { intValue: 2n }]]);

onBothStores('nodes', (open) => {
  test('PutArtifacts: creates, updates and leaves alone', async () => {
    const { store, types, artifact } = await open();
    const given = { uri: 'u', state: 2 as const, properties: one, customProperties: two };
    const id = await artifact(given);
    const read = async () => (await store.getArtifactsById({ artifactIds: [id] })).artifacts[0];
    const made = await read();
    expect(made).toMatchObject({ id, typeId: types.A, ...given });
    await store.putArtifacts({ artifacts: [made ?? plain] });
    expect((await read())?.lastUpdateTimeSinceEpoch).toBe(made?.lastUpdateTimeSinceEpoch);
    await store.putArtifacts({ artifacts: [{ ...plain, id, uri: 'v' }] });
    expect(await read()).toMatchObject({ uri: 'v', properties: new Map(), customProperties: new Map() });
    expect((await read())?.state || undefined).toBeUndefined();
  });

  test('PutArtifacts: a mask writes what it names, and nothing else', async () => {
    const { store, artifact } = await open();
    const custom = new Map<string, Value>([['c', { stringValue: 'é' }]]);
    const id = await artifact({ uri: 'u', properties: one, customProperties: custom });
    const update = { ...plain, id, uri: 'v', properties: two, customProperties: new Map() };
    await store.putArtifacts({ artifacts: [update], updateMask: ['properties.n'] });
    const { artifacts } = await store.getArtifactsById({ artifactIds: [id] });
    expect(artifacts).toMatchObject([{ uri: 'u', properties: two, customProperties: custom }]);
  });

  test('PutArtifacts: abort_if_latest_updated_time_changed', async () => {
    const { store, artifact } = await open();
    const id = await artifact();
    const options = { abortIfLatestUpdatedTimeChanged: true };
    const { artifacts } = await store.getArtifactsById({ artifactIds: [id] });
    const seen = artifacts.map((each) => ({ ...each, uri: 'by the first' }));
    await store.putArtifacts({ artifacts: seen, options });
    const late = artifacts.map((each) => ({ ...each, lastUpdateTimeSinceEpoch: 1n, uri: 'by the second' }));
    await expectCode(store.putArtifacts({ artifacts: late, options }), 'FAILED_PRECONDITION');
    expect((await store.getArtifactsById({ artifactIds: [id] })).artifacts[0]?.uri).toBe('by the first');
  });

  test('PutArtifacts, PutExecutions, PutContexts: what is refused', async () => {
    const { store, types, unique, artifact, execution, context } = await open();
    await expectCode(artifact({ typeId: undefined }), 'INVALID_ARGUMENT');
    await expectCode(artifact({ typeId: types.E }), 'NOT_FOUND');
    await expectCode(artifact({ id: 99_999n }), 'INVALID_ARGUMENT');
    await expectCode(artifact({ properties: new Map([['undeclared', { intValue: 1n }]]) }), 'INVALID_ARGUMENT');
    await expectCode(execution({ properties: new Map([['n', { stringValue: '1' }]]) }), 'INVALID_ARGUMENT');
    await expectCode(store.putContexts({ contexts: [{ ...plain, typeId: types.C }] }), 'INVALID_ARGUMENT');
    await artifact({ name: 'taken' });
    await expectCode(artifact({ name: 'taken' }), 'ALREADY_EXISTS');
    await context('first', { externalId: unique });
    await expectCode(context('first'), 'ALREADY_EXISTS');
    await expectCode(context('second', { externalId: unique }), 'ALREADY_EXISTS');
    const id = await context('third');
    await expectCode(context('third', { id, typeId: types.A }), 'INVALID_ARGUMENT');
    await expectCode(context('first', { id }), 'ALREADY_EXISTS');
  });

  test('PutExecutions, PutContexts: update', async () => {
    const { store, execution, context } = await open();
    const executionId = await execution({ lastKnownState: 2, properties: one });
    await execution({ id: executionId, lastKnownState: 3 });
    const contextId = await context('old name');
    await context('new name', { id: contextId, properties: one });
    const { executions } = await store.getExecutionsById({ executionIds: [executionId] });
    const { contexts } = await store.getContextsById({ contextIds: [contextId] });
    expect(executions).toMatchObject([{ lastKnownState: 3, properties: new Map() }]);
    expect(contexts).toMatchObject([{ properties: one }]);
    expect(contexts[0]?.name).toMatch(/^new name/);
  });

  test('GetArtifactsByID, GetExecutionsByID, GetContextsByID: each once, the unknown left out', async () => {
    const { store, artifact, execution, context } = await open();
    const [a = 0n, e = 0n, c = 0n] = [await artifact(), await execution(), await context('c')];
    const asked = (id: bigint) => [id, 99_999n, id];
    expect((await store.getArtifactsById({ artifactIds: asked(a) })).artifacts.map(({ id }) => id)).toEqual([a]);
    expect((await store.getExecutionsById({ executionIds: asked(e) })).executions.map(({ id }) => id)).toEqual([e]);
    expect((await store.getContextsById({ contextIds: asked(c) })).contexts.map(({ id }) => id)).toEqual([c]);
    expect((await store.getArtifactsById({ artifactIds: [] })).artifacts).toEqual([]);
  });

  test('GetArtifactsByID: with the types of the artifacts found', async () => {
    const { store, types, unique, artifact } = await open();
    const { typeId = 0n } = await store.putArtifactType({
      artifactType: { name: `B${unique}`, properties: new Map([['m', 1]]), baseType: 2, externalId: unique },
    });
    const artifactIds = [await artifact({ typeId }), await artifact(), await artifact({ typeId })];
    const { artifactTypes } = await store.getArtifactsById({ artifactIds, populateArtifactTypes: true });
    expect(artifactTypes.map(({ id }) => id)).toEqual([typeId, types.A]);
    expect(artifactTypes[0]).toMatchObject({ name: `B${unique}`, externalId: unique, properties: new Map([['m', 1]]) });
    expect((await store.getArtifactsById({ artifactIds })).artifactTypes).toEqual([]);
  });

  test('GetArtifactByTypeAndName, …: the one node, or none at all', async () => {
    const { store, unique, artifact, execution, context } = await open();
    const [a, e, c] = [await artifact({ name: 'x' }), await execution({ name: 'x' }), await context('x')];
    const typeName = (letter: string) => `${letter}${unique}`;
    const found = async (artifactName: string, typeVersion?: string) =>
      (await store.getArtifactByTypeAndName({ typeName: typeName('A'), typeVersion, artifactName })).artifact?.id;
    expect(await found('x')).toBe(a);
    expect(await found('x', '')).toBe(a);
    expect(await found('x', '2')).toBeUndefined();
    expect(await found('y')).toBeUndefined();
    const byExecution = await store.getExecutionByTypeAndName({ typeName: typeName('E'), executionName: 'x' });
    expect(byExecution.execution?.id).toBe(e);
    const named = { typeName: typeName('C'), contextName: `x${unique}` };
    expect((await store.getContextByTypeAndName(named)).context?.id).toBe(c);
    expect(await store.getContextByTypeAndName({ ...named, typeName: 'none' })).toEqual({ context: undefined });
  });

  test('GetArtifactsByURI: all at any of the uris', async () => {
    const { store, unique, artifact } = await open();
    const uri = (letter: string) => `${letter}${unique}`;
    const ids = [
      await artifact({ uri: uri('u') }),
      await artifact({ uri: uri('v') }),
      await artifact({ uri: uri('u') }),
    ];
    const { artifacts } = await store.getArtifactsByUri({ uris: [uri('v'), uri('u'), uri('u'), uri('w')] });
    expect(artifacts.map(({ id = 0n }) => id).sort()).toEqual(ids.toSorted());
    expect((await store.getArtifactsByUri({ uris: [] })).artifacts).toEqual([]);
  });

  test('Get…ByExternalIds: those found, NOT_FOUND for none, INVALID_ARGUMENT for an empty one', async () => {
    const { store, unique, artifact, execution, context } = await open();
    const externalId = unique;
    const [a, e, c] = [
      await artifact({ externalId }),
      await execution({ externalId }),
      await context('c', { externalId }),
    ];
    const externalIds = ['none', externalId, externalId];
    expect((await store.getArtifactsByExternalIds({ externalIds })).artifacts.map(({ id }) => id)).toEqual([a]);
    expect((await store.getExecutionsByExternalIds({ externalIds })).executions.map(({ id }) => id)).toEqual([e]);
    expect((await store.getContextsByExternalIds({ externalIds })).contexts.map(({ id }) => id)).toEqual([c]);
    expect((await store.getArtifactsByExternalIds({ externalIds: [] })).artifacts).toEqual([]);
    for (const call of [
      store.getArtifactsByExternalIds,
      store.getExecutionsByExternalIds,
      store.getContextsByExternalIds,
    ]) {
      await expectCode(call({ externalIds: ['none'] }), 'NOT_FOUND');
      await expectCode(call({ externalIds: [externalId, ''] }), 'INVALID_ARGUMENT');
    }
  });
});
