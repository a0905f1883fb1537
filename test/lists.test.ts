import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Event_Type } from '../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { putArtifacts, putChain, putExecutions, putTypes } from './fill.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';

const ARTIFACTS = 250;

/** A chain, and 250 artifacts of one and the same millisecond in one context. */
async function fill(store: Harness['store']): Promise<void> {
  await putChain(store, 5);
  const types = await putTypes(store);
  const artifactIds = await putArtifacts(store, types.artifact, ARTIFACTS);
  const contexts = await store.putContexts({
    contexts: [{ typeId: types.context, name: 'all', properties: new Map(), customProperties: new Map() }],
  });
  await store.putAttributionsAndAssociations({
    attributions: artifactIds.map((artifactId) => ({ artifactId, contextId: contexts.contextIds[0] ?? 0n })),
    associations: [],
  });
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly databaseId: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string; readonly startCursor: string };
}

const PAGE = '{ edges { cursor node { databaseId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';

describe.each(STORE_KINDS)('paging, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let harness: Harness;

  beforeAll(async () => {
    if (missing) return;
    harness = await openHarness({ kind, fill });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  /** All ids of a list, page by page; each page begins at the cursor of the row before it. */
  async function walk(list: string, size: number): Promise<string[]> {
    const ids: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const query = list.replace('PAGE', `first: ${size}, after: ${JSON.stringify(after)}`).replace('ROWS', PAGE);
      const { errors, data } = await harness.query(query);
      expect(errors).toBeUndefined();
      const page: Page = data.list ?? data.parent.list;
      ids.push(...page.edges.map(({ node }) => node.databaseId));
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
      expect(page.pageInfo.startCursor).toBe(page.edges.at(0)?.cursor ?? null);
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
      expect(ids.length).toBeLessThanOrEqual(1_000);
    }
    return ids;
  }

  const everyArtifact = Array.from({ length: ARTIFACTS + 5 }, (_each, index) => String(index + 1));

  test.skipIf(missing).each([
    ['ID', 'ASC', 100],
    ['ID', 'DESC', 7],
    ['CREATE_TIME', 'ASC', 33],
    ['CREATE_TIME', 'DESC', 100],
    // More nodes share a time than a page holds: on its own the C++ engine repeats rows without end here.
    ['LAST_UPDATE_TIME', 'ASC', 20],
    ['LAST_UPDATE_TIME', 'DESC', 33],
  ] as const)('every artifact once, by %s %s in pages of %i', async (field, direction, size) => {
    const ids = await walk(
      `{ list: artifacts(PAGE, orderBy: { field: ${field}, direction: ${direction} }) ROWS }`,
      size,
    );
    expect(ids).toHaveLength(ARTIFACTS + 5);
    expect([...ids].sort((a, b) => Number(a) - Number(b))).toEqual(everyArtifact);
    if (direction === 'DESC') expect(ids).toEqual([...everyArtifact].reverse());
  });

  test.skipIf(missing)('a cursor from the middle of a page goes on behind its row', async () => {
    const list = (after: string) =>
      harness.query(
        `{ list: artifacts(first: 5, after: ${JSON.stringify(after)}, orderBy: { field: LAST_UPDATE_TIME }) ${PAGE} }`,
      );
    const first = await harness.query(`{ list: artifacts(first: 9, orderBy: { field: LAST_UPDATE_TIME }) ${PAGE} }`);
    const edges = first.data.list.edges as Page['edges'];
    const next = await list(edges[3]?.cursor ?? '');
    expect(next.data.list.edges.map((edge: Page['edges'][number]) => edge.node.databaseId)).toEqual(
      edges.slice(4).map((edge) => edge.node.databaseId),
    );
    expect(next.data.list.pageInfo.hasPreviousPage).toBe(true);
  });

  test.skipIf(missing)('a context with 250 artifacts lists 250', async () => {
    const context = (await harness.query(`{ contexts(filterQuery: "name = 'all'") { nodes { databaseId } } }`)).data;
    const id = context.contexts.nodes[0].databaseId;
    const ids = await walk(`{ parent: context(databaseId: "${id}") { list: artifacts(PAGE) ROWS } }`, 100);
    expect(ids).toEqual(everyArtifact.slice(5));
    // The same, beside a context that asks for other pages at the same time.
    const { data } = await harness.query(
      `{ a: context(databaseId: "${id}") { artifacts(first: 100) { nodes { databaseId } pageInfo { hasNextPage } } }
         b: context(databaseId: "1") { artifacts(first: 2) { nodes { databaseId } pageInfo { hasNextPage } } } }`,
    );
    expect(data.a.artifacts.nodes).toHaveLength(100);
    expect(data.a.artifacts.pageInfo.hasNextPage).toBe(true);
    expect(data.b.artifacts).toEqual({
      nodes: [{ databaseId: '1' }, { databaseId: '2' }],
      pageInfo: { hasNextPage: true },
    });
  });

  const short = {
    'contexts of an artifact': ['{ parent: artifact(databaseId: "3") { list: contexts(PAGE) ROWS } }', ['1']],
    'executions of a context': ['{ parent: context(databaseId: "2") { list: executions(PAGE) ROWS } }', ['2']],
    'parents of a context': ['{ parent: context(databaseId: "2") { list: parents(PAGE) ROWS } }', ['1']],
    'children of a context': ['{ parent: context(databaseId: "2") { list: children(PAGE) ROWS } }', ['3']],
    'what consumed an artifact': ['{ parent: artifact(databaseId: "2") { list: consumedBy(PAGE) ROWS } }', ['3']],
    'what an execution read': ['{ parent: execution(databaseId: "2") { list: inputs(PAGE) ROWS } }', ['1']],
    types: ['{ list: artifactTypes(PAGE) ROWS }', ['10']],
    'types by name, backwards': [
      '{ list: executionTypes(PAGE, orderBy: { field: NAME, direction: DESC }) ROWS }',
      ['11'],
    ],
    'a filtered list': [`{ list: artifacts(PAGE, filterQuery: "id IN (2, 4, 6)") ROWS }`, ['2', '4', '6']],
  } as const;

  test.skipIf(missing).each(Object.entries(short))('page by page: %s', async (_name, [query, ids]) => {
    expect(await walk(query, 1)).toEqual(ids);
  });

  test.skipIf(missing)('events go on behind their cursor, with their number', async () => {
    const query = (after: string | null) =>
      `{ artifact(databaseId: "2") { events(first: 1, after: ${JSON.stringify(after)}) {
           totalCount nodes { type execution { databaseId } } pageInfo { hasNextPage endCursor } } } }`;
    const first = (await harness.query(query(null))).data.artifact.events;
    expect(first).toMatchObject({ totalCount: 2, nodes: [{ type: 'OUTPUT' }], pageInfo: { hasNextPage: true } });
    const second = (await harness.query(query(first.pageInfo.endCursor))).data.artifact.events;
    expect(second).toMatchObject({ totalCount: 2, nodes: [{ type: 'INPUT' }], pageInfo: { hasNextPage: false } });
  });

  test.skipIf(missing)('every type of event is an input or an output', async () => {
    const types = await putTypes(harness.store);
    const [artifactId = 0n] = await putArtifacts(harness.store, types.artifact, 1);
    const [executionId = 0n] = await putExecutions(harness.store, types.execution, 1);
    const known = Object.values(Event_Type).filter((type) => type !== Event_Type.UNKNOWN);
    const events = known.map((type, index) => ({
      artifactId,
      executionId,
      type,
      millisecondsSinceEpoch: BigInt(index),
    }));
    await harness.store.putEvents({ events });
    const edges = '{ edges { event { type } } }';
    const { data } = await harness.query(`{
      artifact(databaseId: "${artifactId}") { producedBy ${edges} consumedBy ${edges} }
      execution(databaseId: "${executionId}") { inputs ${edges} outputs ${edges} }
    }`);
    const typesOf = (list: { edges: { event: { type: string } }[] }) =>
      list.edges.map(({ event }) => event.type).sort();
    const inputs = ['DECLARED_INPUT', 'INPUT', 'INTERNAL_INPUT'];
    const outputs = ['DECLARED_OUTPUT', 'INTERNAL_OUTPUT', 'OUTPUT', 'PENDING_OUTPUT'];
    expect(typesOf(data.artifact.producedBy)).toEqual(outputs);
    expect(typesOf(data.artifact.consumedBy)).toEqual(inputs);
    expect(typesOf(data.execution.outputs)).toEqual(outputs);
    expect(typesOf(data.execution.inputs)).toEqual(inputs);
  });

  const foreign = {
    'of another order': ['ID', '{ artifacts(after: CURSOR, orderBy: { field: CREATE_TIME }) { nodes { id } } }'],
    'of the other direction': ['ID', '{ artifacts(after: CURSOR, orderBy: { direction: DESC }) { nodes { id } } }'],
    'of a list of nodes': ['ID', '{ artifact(databaseId: "1") { events(after: CURSOR) { nodes { type } } } }'],
    'of a list by id': ['ID', '{ artifactTypes(after: CURSOR) { nodes { id } } }'],
    'that is no base64': ['"!?"', '{ contexts(after: CURSOR) { nodes { id } } }'],
    'that is no token': ['"_____w"', '{ executions(after: CURSOR) { nodes { id } } }'],
    'that is empty of a place': ['"GgQYAwgB"', '{ executions(after: CURSOR) { nodes { id } } }'],
    'that is none of members': ['"x"', '{ context(databaseId: "1") { artifacts(after: CURSOR) { nodes { id } } } }'],
    'that is none of relatives': ['"x"', '{ context(databaseId: "1") { children(after: CURSOR) { nodes { id } } } }'],
  } as const;

  test.skipIf(missing).each(Object.entries(foreign))('refuses a cursor %s', async (_name, [cursor, query]) => {
    const made = (await harness.query('{ artifacts(first: 1) { pageInfo { endCursor } } }')).data.artifacts.pageInfo;
    const text = cursor === 'ID' ? JSON.stringify(made.endCursor) : cursor;
    const { errors } = await harness.query(query.replace('CURSOR', text));
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } });
    expect(errors?.[0]?.message).toMatch(/^The cursor/);
  });

  test.skipIf(missing)('an artifact that 250 executions read has 250 events', async () => {
    const types = await putTypes(harness.store);
    const [artifactId = 0n] = await putArtifacts(harness.store, types.artifact, 1);
    const executionIds = await putExecutions(harness.store, types.execution, 250);
    const events = executionIds.map((executionId) => ({ artifactId, executionId, type: Event_Type.INPUT }));
    await harness.store.putEvents({ events });
    const list = `{ parent: artifact(databaseId: "${artifactId}") { list: consumedBy(PAGE) ROWS } }`;
    expect(await walk(list, 100)).toEqual(executionIds.map(String));
    const { data } = await harness.query(`{ artifact(databaseId: "${artifactId}") { consumedBy { totalCount } } }`);
    expect(data.artifact.consumedBy.totalCount).toBe(250);
  });
});
