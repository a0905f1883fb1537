import { expect, test } from 'vitest';

import {
  LineageSubgraphQueryOptions_Direction as Direction,
  type LineageGraph,
  type LineageSubgraphQueryOptions,
} from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { expectCode, type Fixture, onBothStores, plain } from './on-both-stores.ts';

const input = 3 as const;
const output = 4 as const;

/**
 *     a0 ─ e0 ─ a1 ─ e1 ─ a3
 *           └── a2 ──┘
 * with e0 in a context of its own, and a3 in the same.
 */
async function chain({ store, artifact, execution, context }: Fixture) {
  const a = [await artifact(), await artifact(), await artifact(), await artifact()] as const;
  const e = [await execution(), await execution()] as const;
  const contextId = await context('c');
  await store.putEvents({
    events: [
      { artifactId: a[0], executionId: e[0], type: input, path: { steps: [{ key: 'k' }] } },
      { artifactId: a[1], executionId: e[0], type: output },
      { artifactId: a[2], executionId: e[0], type: output },
      { artifactId: a[1], executionId: e[1], type: input },
      { artifactId: a[2], executionId: e[1], type: input },
      { artifactId: a[3], executionId: e[1], type: output },
    ],
  });
  await store.putAttributionsAndAssociations({
    attributions: [{ artifactId: a[3], contextId }],
    associations: [{ executionId: e[0], contextId }],
  });
  return { a, e, contextId };
}

onBothStores('lineage', (open) => {
  test('GetLineageSubgraph: all of it, as ids', async () => {
    const fixture = await open();
    const { a, e, contextId } = await chain(fixture);
    const graph = await subgraph(fixture, { startingArtifacts: { filterQuery: `id = ${a[0]}` } });
    expect(idsOf(graph)).toEqual({ artifacts: [...a], executions: [...e], events: 6 });
    expect(graph.contexts).toEqual([{ ...bare, id: contextId }]);
    expect(graph.attributions).toEqual([{ artifactId: a[3], contextId }]);
    expect(graph.associations).toEqual([{ executionId: e[0], contextId }]);
    expect(graph.parentContexts).toEqual([]);
    expect(graph.events.find(({ type, artifactId }) => type === input && artifactId === a[0])?.path).toEqual({
      steps: [{ key: 'k' }],
    });
    expect(graph.artifactTypes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mlmd.Dataset', `A${fixture.unique}`]),
    );
    expect(graph.executionTypes.map(({ name }) => name)).toContain(`E${fixture.unique}`);
    expect(graph.contextTypes.map(({ name }) => name)).toContain(`C${fixture.unique}`);
  });

  test.each([
    [0n, Direction.BIDIRECTIONAL, { artifacts: 'a1', executions: '', events: 0 }],
    [1n, Direction.UPSTREAM, { artifacts: 'a1', executions: 'e0', events: 1 }],
    [2n, Direction.UPSTREAM, { artifacts: 'a0 a1', executions: 'e0', events: 2 }],
    [100n, Direction.UPSTREAM, { artifacts: 'a0 a1', executions: 'e0', events: 2 }],
    [2n, Direction.DOWNSTREAM, { artifacts: 'a1 a3', executions: 'e1', events: 2 }],
    [1n, Direction.BIDIRECTIONAL, { artifacts: 'a1', executions: 'e0 e1', events: 2 }],
    [2n, Direction.DIRECTION_UNSPECIFIED, { artifacts: 'a0 a1 a2 a3', executions: 'e0 e1', events: 6 }],
  ])('GetLineageSubgraph: %i hops from the middle, direction %i', async (maxNumHops, direction, expected) => {
    const fixture = await open();
    const { a, e } = await chain(fixture);
    const start = { startingArtifacts: { filterQuery: `id = ${a[1]}` } };
    const graph = idsOf(await subgraph(fixture, { ...start, maxNumHops, direction }));
    const names = new Map<unknown, string>([...a.map((id, index) => [id, `a${index}`] as const)]);
    const executionNames = new Map<unknown, string>([...e.map((id, index) => [id, `e${index}`] as const)]);
    expect({
      artifacts: graph.artifacts.map((id) => names.get(id)).join(' '),
      executions: graph.executions.map((id) => executionNames.get(id)).join(' '),
      events: graph.events,
    }).toEqual(expected);
  });

  test('GetLineageSubgraph: from executions', async () => {
    const fixture = await open();
    const { a, e } = await chain(fixture);
    const start = { startingExecutions: { filterQuery: `id = ${e[1]}` } };
    const graph = await subgraph(fixture, { ...start, maxNumHops: 1n, direction: Direction.UPSTREAM });
    expect(idsOf(graph)).toEqual({ artifacts: [a[1], a[2]], executions: [e[1]], events: 2 });
  });

  test('GetLineageSubgraph: ending nodes are not passed, and shown where asked for', async () => {
    const fixture = await open();
    const { a, e } = await chain(fixture);
    const start = { startingArtifacts: { filterQuery: `id = ${a[0]}` } };
    const ending = { filterQuery: `id = ${e[1]}` };
    const without = await subgraph(fixture, { ...start, endingExecutions: ending });
    expect(idsOf(without)).toEqual({ artifacts: a.slice(0, 3), executions: [e[0]], events: 3 });
    const endingExecutions = { ...ending, includeEndingNodes: true };
    const shown = await subgraph(fixture, { ...start, endingExecutions });
    expect(idsOf(shown)).toEqual({ artifacts: a.slice(0, 3), executions: [...e], events: 5 });
    const endingArtifacts = { filterQuery: `id = ${a[0]}` };
    expect(idsOf(await subgraph(fixture, { ...start, endingArtifacts }))).toEqual({
      artifacts: [],
      executions: [],
      events: 0,
    });
    const every = { filterQuery: '', includeEndingNodes: true };
    expect(idsOf(await subgraph(fixture, { ...start, endingExecutions: every }))).toEqual({
      artifacts: [a[0]],
      executions: [e[0]],
      events: 1,
    });
  });

  test('GetLineageSubgraph: a read mask gives what it names', async () => {
    const fixture = await open();
    const { a, e } = await chain(fixture);
    const lineageSubgraphQueryOptions = { startingArtifacts: { filterQuery: `id = ${a[0]}` }, maxNumHops: 1n };
    const read = async (readMask: string[]) => {
      const answer = await fixture.store.getLineageSubgraph({ lineageSubgraphQueryOptions, readMask });
      return Object.entries(answer.lineageSubgraph ?? {}).flatMap(([part, list]) => (list.length > 0 ? [part] : []));
    };
    expect(await read(['artifacts', 'events'])).toEqual(['artifacts', 'events']);
    expect(await read(['contexts'])).toEqual(['contexts']);
    expect(await read(['artifacts.id', 'unknown', 'parent_contexts'])).toEqual([]);
    expect(e).toHaveLength(2);
  });

  test('GetLineageSubgraph: at most 101 starting nodes', async () => {
    const fixture = await open();
    const artifacts = Array.from({ length: 150 }, () => ({ ...bare, typeId: fixture.types.A }));
    const { artifactIds } = await fixture.store.putArtifacts({ artifacts });
    const start = { startingArtifacts: { filterQuery: `type_id = ${fixture.types.A}` }, maxNumHops: 0n };
    expect(idsOf(await subgraph(fixture, start)).artifacts).toEqual(artifactIds.slice(0, 101));
  });

  test('GetLineageSubgraph: at most 100 hops', async () => {
    const fixture = await open();
    const { store, types } = fixture;
    const nodes = (count: number, typeId: bigint) => Array.from({ length: count }, () => ({ ...plain, typeId }));
    const { artifactIds: a } = await store.putArtifacts({ artifacts: nodes(52, types.A) });
    const { executionIds: e } = await store.putExecutions({ executions: nodes(51, types.E) });
    const events = e.flatMap((executionId, index) => [
      { artifactId: a[index], executionId, type: input },
      { artifactId: a[index + 1], executionId, type: output },
    ]);
    await store.putEvents({ events });
    const startingArtifacts = { filterQuery: `id = ${a[0]}` };
    for (const maxNumHops of [101n, 1_000n]) {
      const graph = idsOf(await subgraph(fixture, { startingArtifacts, maxNumHops }));
      expect(graph).toEqual({ artifacts: a.slice(0, 51), executions: e.slice(0, 50), events: 100 });
    }
    const further = idsOf(await subgraph(fixture, { startingArtifacts: { filterQuery: `id = ${a[1]}` } }));
    expect(further).toMatchObject({ artifacts: a, events: 102 });
  });

  test('GetLineageSubgraph: what is refused', async () => {
    const fixture = await open();
    const { a } = await chain(fixture);
    const startingArtifacts = { filterQuery: `id = ${a[0]}` };
    await expectCode(fixture.store.getLineageSubgraph({}), 'INVALID_ARGUMENT');
    await expectCode(subgraph(fixture, { startingArtifacts: {} }), 'INVALID_ARGUMENT');
    await expectCode(subgraph(fixture, { startingArtifacts: { filterQuery: 'id = (' } }), 'INVALID_ARGUMENT');
    await expectCode(subgraph(fixture, { startingArtifacts, maxNumHops: -1n }), 'INVALID_ARGUMENT');
    await expectCode(subgraph(fixture, { startingArtifacts: { filterQuery: 'id = 99999' } }), 'NOT_FOUND');
    const endingExecutions = { filterQuery: 'id = (' };
    await expectCode(subgraph(fixture, { startingArtifacts, endingExecutions }), 'INVALID_ARGUMENT');
  });

  test('GetLineageGraph: the same nodes and events as GetLineageSubgraph, whole', async () => {
    const fixture = await open();
    const { a } = await chain(fixture);
    const options = { artifactsOptions: { filterQuery: `id = ${a[1]}` }, maxNodeSize: 0n };
    const call = (more: object) => fixture.store.getLineageGraph({ options: { ...options, ...more } });
    if (!fixture.isEmbedded) return expectCode(call({}), 'UNIMPLEMENTED');
    for (const maxNumHops of [0n, 1n, 2n, 3n]) {
      const { subgraph: whole } = await call({ stopConditions: { maxNumHops } });
      const ids = await subgraph(fixture, { startingArtifacts: options.artifactsOptions, maxNumHops });
      expect(whole && idsOf(whole)).toEqual(idsOf(ids));
      expect(whole?.events.toSorted(byPlace)).toEqual(ids.events.toSorted(byPlace));
      expect(whole?.artifacts.map(({ typeId }) => typeId)).toEqual(ids.artifacts.map(() => fixture.types.A));
    }
  });

  test('GetLineageGraph: boundaries keep what they select, max_node_size limits', async () => {
    const fixture = await open();
    const { a, e } = await chain(fixture);
    if (!fixture.isEmbedded) return;
    const call = async (more: object) => {
      const options = { artifactsOptions: { filterQuery: `id = ${a[0]}` }, maxNodeSize: 0n, ...more };
      const { subgraph: graph } = await fixture.store.getLineageGraph({ options });
      return graph && idsOf(graph);
    };
    const boundaryArtifacts = `id IN (${a[0]}, ${a[1]})`;
    expect(await call({ stopConditions: { boundaryArtifacts, maxNumHops: 2n } })).toEqual({
      artifacts: [a[0], a[1]],
      executions: [e[0]],
      events: 2,
    });
    expect(await call({ stopConditions: { boundaryExecutions: `id = ${e[1]}` } })).toMatchObject({ executions: [] });
    expect(await call({ maxNodeSize: 3n })).toEqual({ artifacts: [a[0], a[1]], executions: [e[0]], events: 2 });
    expect(await call({ maxNodeSize: 1n })).toEqual({ artifacts: [a[0]], executions: [], events: 0 });
    await expectCode(fixture.store.getLineageGraph({}), 'INVALID_ARGUMENT');
    await expectCode(call({ stopConditions: { maxNumHops: -1n } }), 'INVALID_ARGUMENT');
    await expectCode(call({ artifactsOptions: { filterQuery: 'id = 99999' } }), 'NOT_FOUND');
  });
});

const bare = { properties: new Map(), customProperties: new Map() };

async function subgraph({ store }: Fixture, options: LineageSubgraphQueryOptions): Promise<LineageGraph> {
  const { lineageSubgraph } = await store.getLineageSubgraph({ lineageSubgraphQueryOptions: options });
  if (!lineageSubgraph) throw new Error('an answer without a graph');
  return lineageSubgraph;
}

function idsOf({ artifacts, executions, events }: LineageGraph) {
  const sorted = (nodes: readonly { readonly id?: bigint | undefined }[]) =>
    nodes.map(({ id = 0n }) => id).toSorted((a, b) => Number(a - b));
  return { artifacts: sorted(artifacts), executions: sorted(executions), events: events.length };
}

function byPlace(a: LineageGraph['events'][number], b: LineageGraph['events'][number]): number {
  const key = ({ artifactId = 0n, executionId = 0n }: typeof a) => Number(artifactId * 1_000_000n + executionId);
  return key(a) - key(b);
}
