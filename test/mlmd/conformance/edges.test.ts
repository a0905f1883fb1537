import { expect, test } from 'vitest';

import { expectCode, onBothStores } from './on-both-stores.ts';

const input = 3;
const output = 4;

onBothStores('edges', (open) => {
  test('PutEvents, GetEventsByArtifactIDs, GetEventsByExecutionIDs: with their paths', async () => {
    const { store, artifact, execution } = await open();
    const [read, written, executionId] = [await artifact(), await artifact(), await execution()];
    const path = { steps: [{ key: 'k' }, { index: 2n }] };
    const events = [
      { artifactId: read, executionId, type: input, millisecondsSinceEpoch: 5n, path },
      { artifactId: written, executionId, type: output, millisecondsSinceEpoch: 6n },
    ] as const;
    await store.putEvents({ events: events.map((event) => ({ ...event })) });
    expect((await store.getEventsByArtifactIDs({ artifactIds: [read, 99_999n] })).events).toMatchObject([events[0]]);
    const byExecution = await store.getEventsByExecutionIDs({ executionIds: [executionId] });
    expect(byExecution.events).toMatchObject(events);
    expect((await store.getEventsByArtifactIDs({ artifactIds: [] })).events).toEqual([]);
  });

  test('PutEvents: what is refused', async () => {
    const { store, artifact, execution } = await open();
    const event = { artifactId: await artifact(), executionId: await execution(), type: input } as const;
    const put = (given: object) => store.putEvents({ events: [{ ...event, ...given }] });
    await expectCode(put({ type: undefined }), 'INVALID_ARGUMENT');
    await expectCode(put({ artifactId: undefined }), 'INVALID_ARGUMENT');
    await expectCode(put({ artifactId: 99_999n }), 'INVALID_ARGUMENT');
    await expectCode(put({ executionId: 99_999n }), 'INVALID_ARGUMENT');
    await put({});
    await expectCode(put({}), 'ALREADY_EXISTS');
  });

  test('PutAttributionsAndAssociations, GetContextsByArtifact, GetContextsByExecution', async () => {
    const { store, artifact, execution, context } = await open();
    const [artifactId, executionId] = [await artifact(), await execution()];
    const contexts = [await context('first'), await context('second')];
    const links = {
      attributions: contexts.map((contextId) => ({ contextId, artifactId })),
      associations: contexts.slice(1).map((contextId) => ({ contextId, executionId })),
    };
    await store.putAttributionsAndAssociations(links);
    await store.putAttributionsAndAssociations(links);
    expect((await store.getContextsByArtifact({ artifactId })).contexts.map(({ id }) => id)).toEqual(contexts);
    const byExecution = await store.getContextsByExecution({ executionId });
    expect(byExecution.contexts.map(({ id }) => id)).toEqual(contexts.slice(1));
    await expectCode(store.getContextsByArtifact({ artifactId: await artifact() }), 'NOT_FOUND');
    await expectCode(store.getContextsByExecution({ executionId: 99_999n }), 'NOT_FOUND');
    const unknown = [{ contextId: contexts[0], artifactId: 99_999n }];
    await expectCode(
      store.putAttributionsAndAssociations({ attributions: unknown, associations: [] }),
      'INVALID_ARGUMENT',
    );
  });

  test('PutParentContexts, GetParentContextsByContext, GetChildrenContextsByContext', async () => {
    const { store, context } = await open();
    const [child, mother, father] = [await context('child'), await context('mother'), await context('father')];
    const put = (childId: bigint | undefined, parentId: bigint) =>
      store.putParentContexts({ parentContexts: [{ childId, parentId }] });
    await put(child, mother);
    await put(child, father);
    const { contexts: parents } = await store.getParentContextsByContext({ contextId: child });
    const { contexts: children } = await store.getChildrenContextsByContext({ contextId: mother });
    expect(parents.map(({ id }) => id)).toEqual([mother, father]);
    expect(children.map(({ id }) => id)).toEqual([child]);
    expect((await store.getParentContextsByContext({ contextId: 99_999n })).contexts).toEqual([]);
    await expectCode(put(child, mother), 'ALREADY_EXISTS');
    await expectCode(put(mother, child), 'INVALID_ARGUMENT');
    await expectCode(put(child, 99_999n), 'INVALID_ARGUMENT');
    await expectCode(put(undefined, mother), 'INVALID_ARGUMENT');
  });

  test('GetParentContextsByContexts, GetChildrenContextsByContexts: as the singular ones', async () => {
    const { store, isEmbedded, context } = await open();
    const [child, mother, father] = [await context('child'), await context('mother'), await context('father')];
    const parentContexts = [mother, father].map((parentId) => ({ childId: child, parentId }));
    await store.putParentContexts({ parentContexts });
    const contextIds = [child, mother, father, child, 99_999n];
    if (!isEmbedded) {
      await expectCode(store.getParentContextsByContexts({ contextIds }), 'UNIMPLEMENTED');
      await expectCode(store.getChildrenContextsByContexts({ contextIds }), 'UNIMPLEMENTED');
      return;
    }
    const { contexts: parents } = await store.getParentContextsByContexts({ contextIds });
    const { contexts: children } = await store.getChildrenContextsByContexts({ contextIds });
    for (const contextId of contextIds) {
      const single = {
        parents: (await store.getParentContextsByContext({ contextId })).contexts,
        children: (await store.getChildrenContextsByContext({ contextId })).contexts,
      };
      expect({
        parents: parents.get(contextId)?.parentContexts ?? [],
        children: children.get(contextId)?.childrenContexts ?? [],
      }).toEqual(single);
    }
    expect([...parents.keys()]).toEqual([child]);
  });
});
