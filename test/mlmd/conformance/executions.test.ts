import { expect, test } from 'vitest';

import { expectCode, type Fixture, onBothStores, plain } from './on-both-stores.ts';

const input = 3;
const output = 4;

onBothStores('whole executions', (open) => {
  test('PutExecution: the execution, its artifacts, their events, and all of them in the contexts', async () => {
    const fixture = await open();
    const { store, types, unique, artifact } = fixture;
    const known = await artifact({ uri: 'old' });
    const {
      executionId = 0n,
      artifactIds,
      contextIds,
    } = await store.putExecution({
      execution: { ...plain, typeId: types.E },
      artifactEventPairs: [
        { artifact: { ...plain, typeId: types.A }, event: { type: output } },
        { artifact: { ...plain, id: known, uri: 'new' }, event: { type: input } },
      ],
      contexts: [{ ...plain, typeId: types.C, name: `run${unique}` }],
    });
    const [made = 0n] = artifactIds;
    expect(artifactIds).toEqual([made, known]);
    expect(await eventsOf(fixture, executionId)).toEqual([
      [made, output],
      [known, input],
    ]);
    const [contextId] = contextIds;
    const members = await store.getArtifactsByContext({ contextId });
    expect(members.artifacts.map(({ id, uri }) => [id, uri || undefined])).toEqual([
      [known, 'new'],
      [made, undefined],
    ]);
    expect((await store.getExecutionsByContext({ contextId })).executions.map(({ id }) => id)).toEqual([executionId]);
  });

  test('PutExecution: what is there is reused where that is allowed', async () => {
    const { store, types, unique, artifact, context } = await open();
    const contextId = await context('run');
    const artifactId = await artifact({ externalId: unique, uri: 'old' });
    const request = {
      execution: { ...plain, typeId: types.E },
      artifactEventPairs: [{ artifact: { ...plain, typeId: types.A, externalId: unique, uri: 'new' } }],
      contexts: [{ ...plain, typeId: types.C, name: `run${unique}` }],
    };
    await expectCode(store.putExecution(request), 'ALREADY_EXISTS');
    const options = { reuseContextIfAlreadyExist: true, reuseArtifactIfAlreadyExistByExternalId: true };
    const answer = await store.putExecution({ ...request, options });
    expect(answer).toMatchObject({ artifactIds: [artifactId], contextIds: [contextId] });
    expect((await store.getArtifactsById({ artifactIds: [artifactId] })).artifacts[0]?.uri).toBe('new');
    const taken = { ...plain, typeId: types.C, name: `new${unique}`, externalId: unique };
    await context('other', { externalId: unique });
    await expectCode(store.putExecution({ ...request, contexts: [taken], options }), 'ABORTED');
  });

  test('PutExecution: what is refused', async () => {
    const { store, types, artifact } = await open();
    const execution = { ...plain, typeId: types.E };
    const artifactId = await artifact();
    const put = (event: object) =>
      store.putExecution({ execution, artifactEventPairs: [{ event: { type: input, ...event } }], contexts: [] });
    await expectCode(store.putExecution({ artifactEventPairs: [], contexts: [] }), 'INVALID_ARGUMENT');
    await expectCode(put({}), 'INVALID_ARGUMENT');
    await expectCode(put({ artifactId, executionId: 99_999n }), 'INVALID_ARGUMENT');
    await expectCode(put({ artifactId, type: undefined }), 'INVALID_ARGUMENT');
    const forced = { contexts: [{ ...plain, id: 99_999n }], options: { forceReuseContext: true } };
    await expectCode(store.putExecution({ execution, artifactEventPairs: [], ...forced }), 'NOT_FOUND');
  });

  test('PutLineageSubgraph: nodes, edges by place and by id, and every node in every context', async () => {
    const fixture = await open();
    const { store, types, unique, artifact, execution } = fixture;
    const [known, running] = [await artifact(), await execution()];
    const answer = await store.putLineageSubgraph({
      artifacts: [{ ...plain, typeId: types.A }],
      executions: [{ ...plain, typeId: types.E }],
      contexts: ['a', 'b'].map((name) => ({ ...plain, typeId: types.C, name: `${name}${unique}` })),
      eventEdges: [
        { artifactIndex: 0, executionIndex: 0, event: { type: output } },
        { executionIndex: 0, event: { type: input, artifactId: known } },
        { event: { type: input, artifactId: known, executionId: running } },
      ],
    });
    const [made = 0n] = answer.artifactIds;
    const [ran = 0n] = answer.executionIds;
    expect(await eventsOf(fixture, ran)).toEqual([
      [made, output],
      [known, input],
    ]);
    expect(await eventsOf(fixture, running)).toEqual([[known, input]]);
    for (const contextId of answer.contextIds) {
      expect((await store.getArtifactsByContext({ contextId })).artifacts.map(({ id }) => id)).toEqual([made]);
      expect((await store.getExecutionsByContext({ contextId })).executions.map(({ id }) => id)).toEqual([ran]);
    }
    expect(answer.contextIds).toHaveLength(2);
  });

  test('PutLineageSubgraph: what is there is reused where that is allowed', async () => {
    const { store, types, unique, artifact, context } = await open();
    const [contextId, artifactId] = [await context('run'), await artifact({ externalId: unique })];
    const request = {
      artifacts: [{ ...plain, typeId: types.A, externalId: unique, uri: 'new' }],
      executions: [],
      contexts: [{ ...plain, typeId: types.C, name: `run${unique}` }],
      eventEdges: [],
    };
    await expectCode(store.putLineageSubgraph(request), 'ALREADY_EXISTS');
    const options = { reuseContextIfAlreadyExist: true, reuseArtifactIfAlreadyExistByExternalId: true };
    expect(await store.putLineageSubgraph({ ...request, options })).toEqual({
      artifactIds: [artifactId],
      executionIds: [],
      contextIds: [contextId],
    });
    expect((await store.getArtifactsById({ artifactIds: [artifactId] })).artifacts[0]?.uri).toBe('new');
  });

  test('PutLineageSubgraph: what is refused, and then nothing is written', async () => {
    const { store, types, unique, artifact } = await open();
    const base = {
      artifacts: [{ ...plain, typeId: types.A, externalId: unique }],
      executions: [{ ...plain, typeId: types.E }],
      contexts: [],
    };
    const putEdge = (edge: object) => store.putLineageSubgraph({ ...base, eventEdges: [edge] });
    const event = { type: output };
    await expectCode(putEdge({ artifactIndex: 0, executionIndex: 0 }), 'INVALID_ARGUMENT');
    await expectCode(putEdge({ artifactIndex: 0, event }), 'INVALID_ARGUMENT');
    await expectCode(putEdge({ executionIndex: 0, event }), 'INVALID_ARGUMENT');
    await expectCode(putEdge({ artifactIndex: 1, executionIndex: 0, event }), 'OUT_OF_RANGE');
    await expectCode(putEdge({ artifactIndex: 0, executionIndex: -1, event }), 'OUT_OF_RANGE');
    const named = { ...event, artifactId: await artifact() };
    await expectCode(putEdge({ artifactIndex: 0, executionIndex: 0, event: named }), 'INVALID_ARGUMENT');
    await expectCode(putEdge({ artifactIndex: 0, executionIndex: 0, event: {} }), 'INVALID_ARGUMENT');
    const nodes = { artifacts: [], executions: [], contexts: [], eventEdges: [] };
    const { A } = types;
    await expectCode(
      store.putLineageSubgraph({ ...nodes, artifacts: [{ ...plain, id: named.artifactId }] }),
      'INVALID_ARGUMENT',
    );
    await expectCode(store.putLineageSubgraph({ ...nodes, executions: [{ ...plain, typeId: A }] }), 'NOT_FOUND');
    await expectCode(
      store.putLineageSubgraph({ ...nodes, contexts: [{ ...plain, typeId: types.C }] }),
      'INVALID_ARGUMENT',
    );
    await expectCode(store.getArtifactsByExternalIds({ externalIds: [unique] }), 'NOT_FOUND');
    expect(await store.putLineageSubgraph(nodes)).toEqual({ artifactIds: [], executionIds: [], contextIds: [] });
  });
});

async function eventsOf({ store }: Fixture, executionId: bigint) {
  const { events } = await store.getEventsByExecutionIDs({ executionIds: [executionId] });
  return events.map(({ artifactId, type }) => [artifactId, type]);
}
