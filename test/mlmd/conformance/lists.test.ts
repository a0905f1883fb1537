import { expect, test } from 'vitest';

import type { ListOperationOptions } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { expectCode, type Fixture, onBothStores } from './on-both-stores.ts';

onBothStores('lists', (open) => {
  test('GetArtifacts, GetExecutions, GetContexts: everything, without options', async () => {
    const { store, artifact, execution, context } = await open();
    const [a, e, c] = [await artifact(), await execution(), await context('c')];
    expect((await store.getArtifacts({})).artifacts.map(({ id }) => id)).toContain(a);
    expect((await store.getExecutions({})).executions.map(({ id }) => id)).toContain(e);
    expect((await store.getContexts({})).contexts.map(({ id }) => id)).toContain(c);
  });

  test('GetArtifacts, GetExecutions, GetContexts: page by page, filtered', async () => {
    const fixture = await open();
    const { store, types } = fixture;
    const { artifacts, executions, contexts } = await fill(fixture);
    const options = (type: bigint) => ({ filterQuery: `type_id = ${type}` });
    const pages = {
      artifacts: await allPages(options(types.A), async (given) => {
        const page = await store.getArtifacts({ options: given });
        return { ids: page.artifacts.map(({ id }) => id), token: page.nextPageToken };
      }),
      executions: await allPages(options(types.E), async (given) => {
        const page = await store.getExecutions({ options: given });
        return { ids: page.executions.map(({ id }) => id), token: page.nextPageToken };
      }),
      contexts: await allPages(options(types.C), async (given) => {
        const page = await store.getContexts({ options: given });
        return { ids: page.contexts.map(({ id }) => id), token: page.nextPageToken };
      }),
    };
    expect(pages).toEqual({
      artifacts: [artifacts.slice(0, 2), artifacts.slice(2, 4), artifacts.slice(4)],
      executions: [executions.slice(0, 2), executions.slice(2)],
      contexts: [contexts.slice(0, 2), contexts.slice(2)],
    });
  });

  test.each([
    [{ field: 3, isAsc: false }],
    [{ field: 1, isAsc: true }],
    [{ field: 1, isAsc: false }],
    [{ isAsc: false }],
  ] as const)('GetArtifactsByType: in the order %o', async (orderByField) => {
    const fixture = await open();
    const { artifacts } = await fill(fixture);
    const pages = await allPages({ orderByField: { ...orderByField } }, async (options) => {
      const page = await fixture.store.getArtifactsByType({ typeName: `A${fixture.unique}`, options });
      return { ids: page.artifacts.map(({ id }) => id), token: page.nextPageToken };
    });
    const isAscending = orderByField.isAsc;
    expect(pages.flat()).toEqual(isAscending ? artifacts : artifacts.toReversed());
  });

  test('GetArtifactsByType, GetExecutionsByType, GetContextsByType: all of one type and version', async () => {
    const fixture = await open();
    const { store, unique } = fixture;
    const { artifacts, executions, contexts } = await fill(fixture);
    const typeName = (letter: string) => `${letter}${unique}`;
    const byArtifact = await store.getArtifactsByType({ typeName: typeName('A') });
    const byExecution = await store.getExecutionsByType({ typeName: typeName('E'), typeVersion: '' });
    const byContext = await store.getContextsByType({ typeName: typeName('C') });
    expect(byArtifact.artifacts.map(({ id }) => id)).toEqual(artifacts);
    expect(byExecution.executions.map(({ id }) => id)).toEqual(executions);
    expect(byContext.contexts.map(({ id }) => id)).toEqual(contexts);
    expect((await store.getArtifactsByType({ typeName: typeName('A'), typeVersion: '2' })).artifacts).toEqual([]);
    expect((await store.getExecutionsByType({ typeName: 'none' })).executions).toEqual([]);
    const filtered = { typeName: typeName('C'), options: { filterQuery: `name = "c1${unique}"` } };
    expect((await store.getContextsByType(filtered)).contexts.map(({ id }) => id)).toEqual([contexts[1]]);
  });

  test('GetArtifactsByContext, GetExecutionsByContext: the members', async () => {
    const fixture = await open();
    const { store } = fixture;
    const { artifacts, executions, contexts } = await fill(fixture);
    const contextId = contexts[0] ?? 0n;
    await store.putAttributionsAndAssociations({
      attributions: artifacts.slice(0, 3).map((artifactId) => ({ artifactId, contextId })),
      associations: executions.slice(1).map((executionId) => ({ executionId, contextId })),
    });
    const pages = await allPages({}, async (options) => {
      const page = await store.getArtifactsByContext({ contextId, options });
      return { ids: page.artifacts.map(({ id }) => id), token: page.nextPageToken };
    });
    expect(pages).toEqual([artifacts.slice(0, 2), artifacts.slice(2, 3)]);
    const members = await store.getExecutionsByContext({ contextId });
    expect(members.executions.map(({ id }) => id)).toEqual(executions.slice(1));
    expect((await store.getArtifactsByContext({ contextId: 99_999n })).artifacts).toEqual([]);
  });

  test.each<[string, ListOperationOptions]>([
    ['an empty page', { maxResultSize: 0 }],
    ['a page below zero', { maxResultSize: -1 }],
    ['a token that is none', { nextPageToken: '!' }],
    ['an order by nothing', { orderByField: { field: 0 } }],
    ['half a filter', { filterQuery: 'id = (' }],
  ])('options: %s is INVALID_ARGUMENT', async (_, options) => {
    const { store, unique, artifact } = await open();
    await artifact();
    await expectCode(store.getArtifacts({ options }), 'INVALID_ARGUMENT');
    await expectCode(store.getArtifactsByType({ typeName: `A${unique}`, options }), 'INVALID_ARGUMENT');
    // Where nothing is to be listed nobody looks at them.
    expect((await store.getArtifactsByType({ typeName: 'none', options })).artifacts).toEqual([]);
    expect((await store.getArtifactsByContext({ contextId: 99_999n, options })).artifacts).toEqual([]);
  });

  test('a filter on a property that a thousand nodes outside the list pass', async () => {
    const { store, types, unique, artifact, context } = await open();
    const inside = await context('inside');
    await store.putArtifacts({ artifacts: Array.from({ length: 1_100 }, (_none, n) => starred(types.A, BigInt(n))) });
    const members = [await artifact(starred(types.A, 7n)), await artifact(), await artifact(starred(types.A, 3n))];
    const attributions = members.map((artifactId) => ({ contextId: inside, artifactId }));
    await store.putAttributionsAndAssociations({ attributions, associations: [] });

    const listed = async (filterQuery: string) => {
      const { artifacts } = await store.getArtifactsByContext({ contextId: inside, options: { filterQuery } });
      return artifacts.map(({ id }) => members.indexOf(id ?? 0n));
    };
    const stars = 'custom_properties.stars.int_value';
    expect(await listed(`${stars} >= 0`)).toEqual([0, 2]);
    expect(await listed(`${stars} >= 0 AND id > ${members[0]}`)).toEqual([2]);
    expect(await listed(`${stars} BETWEEN 4 AND 2000`)).toEqual([0]);
    const options = { maxResultSize: 2, filterQuery: `${stars} > 1 AND type = 'A${unique}'` };
    expect((await store.getArtifacts({ options })).artifacts.map(({ customProperties: own }) => own)).toEqual(
      [2n, 3n].map((intValue) => new Map([['stars', { intValue }]])),
    );
  });

  test('options: a token of a list in another order is INVALID_ARGUMENT', async () => {
    const fixture = await open();
    await fill(fixture);
    const request = { typeName: `A${fixture.unique}`, options: { maxResultSize: 1 } };
    const { nextPageToken } = await fixture.store.getArtifactsByType(request);
    const options = { nextPageToken, orderByField: { field: 1 as const } };
    await expectCode(fixture.store.getArtifactsByType({ ...request, options }), 'INVALID_ARGUMENT');
  });
});

function starred(typeId: bigint, intValue: bigint) {
  return { typeId, properties: new Map(), customProperties: new Map([['stars', { intValue }]]) };
}

async function fill({ artifact, execution, context }: Fixture) {
  const artifacts = [await artifact(), await artifact(), await artifact(), await artifact(), await artifact()];
  const executions = [await execution(), await execution(), await execution()];
  const contexts = [await context('c0'), await context('c1'), await context('c2')];
  return { artifacts, executions, contexts };
}

interface Page {
  readonly ids: readonly (bigint | undefined)[];
  readonly token: string | undefined;
}

/** The ids of all pages of two. */
async function allPages(options: ListOperationOptions, read: (options: ListOperationOptions) => Promise<Page>) {
  const pages: Page['ids'][] = [];
  let nextPageToken: string | undefined;
  do {
    const { ids, token } = await read({ ...options, maxResultSize: 2, nextPageToken });
    pages.push(ids);
    nextPageToken = token;
  } while (nextPageToken && pages.length < 10);
  return pages;
}
