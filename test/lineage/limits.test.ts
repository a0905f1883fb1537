import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { putArtifacts, putExecutions, putTypes } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { artifact, ask, askAll, brief, execution, idsOf, send } from './ask.ts';

interface Filled {
  /** 260 artifacts, each read by each of 260 executions. */
  readonly readers: readonly bigint[];
  readonly read: readonly bigint[];
  /** Read by the last of the executions alone, and by the first one too. */
  readonly spare: readonly bigint[];
  /** Made 12,000 artifacts. */
  readonly maker: bigint;
  readonly made: readonly bigint[];
}

async function fill(store: MetadataStore): Promise<Filled> {
  const types = await putTypes(store);
  const read = await putArtifacts(store, types.artifact, 260);
  const readers = await putExecutions(store, types.execution, 260);
  const spare = await putArtifacts(store, types.artifact, 2);
  const reads = [spare, spare.slice(1)].map((artifactIds, index) => ({
    artifactIds,
    executionId: readers.at(index - 1) ?? 0n,
  }));
  const made = await putArtifacts(store, types.artifact, 12_000);
  const [maker = 0n] = await putExecutions(store, types.execution, 1);
  await store.putEvents({
    events: [
      ...read.flatMap((artifactId) =>
        readers.map((executionId) => ({ artifactId, executionId, type: Event_Type.INPUT })),
      ),
      ...reads.flatMap(({ artifactIds, executionId }) =>
        artifactIds.map((artifactId) => ({ artifactId, executionId, type: Event_Type.INPUT })),
      ),
      ...made.map((artifactId) => ({ artifactId, executionId: maker, type: Event_Type.OUTPUT })),
    ],
  });
  return { readers, read, spare, maker, made };
}

let harness: Harness;
let filled: Filled;
beforeAll(async () => {
  harness = await openHarness({
    fill: async (store) => {
      filled = await fill(store);
    },
  });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

describe('a page ends', () => {
  test('with the node that passes 50,000 edges, and the next one has the rest', { timeout: 120_000 }, async () => {
    const pages = await askAll(harness, { of: filled.read.map(artifact), direction: 'DOWNSTREAM' });
    expect(pages.map(({ completeness }) => completeness.reason)).toEqual(['MAX_EDGES', null]);
    expect(pages.map(({ edges }) => edges.length)).toEqual([193 * 260, 67 * 260]);
    expect(pages.map(({ completeness }) => completeness.omittedNodes)).toEqual([67, 0]);
    expect(new Set(pages.flatMap(({ edges }) => edges.map(brief))).size).toBe(260 * 260);
    expect(pages.flatMap(idsOf)).toEqual([...filled.read.map(artifact), ...filled.readers.map(execution)]);
  });

  test('with it within a level too, whose nodes are linked with each other', async () => {
    const of = [...filled.read.map(artifact), ...filled.readers.map(execution)];
    const pages = await askAll(harness, { of, direction: 'UPSTREAM' });
    expect(pages.map(({ completeness }) => completeness.reason)).toEqual(['MAX_EDGES', null]);
    expect(pages.map(({ edges }) => edges.length)).toEqual([193 * 260, 67 * 260 + 3]);
    // 67 of the level, and what the first execution read besides; what only the last one read is not seen yet.
    expect(pages.map(({ completeness }) => completeness.omittedNodes)).toEqual([67 + 1, 0]);
    expect(new Set(pages.flatMap(({ edges }) => edges.map(brief))).size).toBe(260 * 260 + 3);
    expect(pages.flatMap(idsOf)).toEqual([...of, ...filled.spare.map(artifact)]);
  });

  test('there too where all of its nodes are hidden', async () => {
    const args = { of: filled.read.map(artifact), direction: 'DOWNSTREAM', filter: { ids: [] } };
    const pages = await askAll(harness, args);
    expect(pages.map(({ nodes, edges }) => [nodes.length, edges.length])).toEqual([
      [0, 193 * 260],
      [0, 67 * 260],
    ]);
  });

  test('with maxNodes, or with maxDepth', async () => {
    const of = [execution(filled.maker)];
    const { completeness } = await ask(harness, { of, maxNodes: 3 });
    expect(completeness).toMatchObject({ complete: false, reason: 'MAX_NODES', omittedNodes: 11_998 });
    const shallow = await ask(harness, { of, maxDepth: 0 });
    expect(shallow.completeness).toMatchObject({ complete: false, reason: 'MAX_DEPTH', omittedNodes: 12_000 });
    const deep = await ask(harness, { of, maxDepth: 1, maxNodes: 10_000 });
    expect(deep.completeness).toMatchObject({ reason: 'MAX_NODES', omittedNodes: 2_001 });
  });
});

describe('the budget of a request', () => {
  const page = `nodes { id ... on Artifact { uri } } edges { from { id __typename } to { id } } completeness { cursor }`;
  const args = (maxNodes: number) => ({ of: [execution(filled.maker)], direction: 'DOWNSTREAM', maxNodes });

  test('is that of 10,000 nodes, whatever their links name by id', async () => {
    const { data, errors } = await send(harness, args(10_000), page);
    expect(errors).toBeUndefined();
    expect([data.lineage.nodes.length, data.lineage.edges.length]).toEqual([10_000, 9_999]);
    expect(data.lineage.nodes[9_999].uri).toBe('thing/9998');
    expect(data.lineage.edges[0].from).toEqual({ id: execution(filled.maker), __typename: 'Execution' });
  });

  test('is passed by two such pages', async () => {
    const of = execution(filled.maker);
    const { data, errors } = await harness.query(
      `{ one: lineage(of: "${of}", maxNodes: 10000) { nodes { id } } other: lineage(of: "${of}", maxNodes: 10000) { nodes { id } } }`,
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  });

  test('counts the ends of links of which more is asked for', async () => {
    const ends = 'nodes { id } edges { from { kind } }';
    expect((await send(harness, args(5_000), ends)).errors).toBeUndefined();
    expect((await send(harness, args(6_000), ends)).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
  });
});

describe('a walk reads', () => {
  const callsOf = async (args: Parameters<typeof ask>[1]) => {
    harness.calls.length = 0;
    const page = await ask(harness, args);
    return { page, calls: harness.calls.filter((call) => !call.startsWith('GetArtifactType(')).sort() };
  };

  test('the events of each large level by one call, and a thousand nodes by another', async () => {
    const { calls } = await callsOf({ of: [execution(filled.maker)], direction: 'DOWNSTREAM', maxNodes: 2_501 });
    expect(calls).toEqual([
      ...['EventsAlong(1)', 'EventsAlong(2500)'],
      ...['GetArtifactsByID(1000)', 'GetArtifactsByID(1000)', 'GetArtifactsByID(500)', 'GetExecutionsByID(1)'],
    ]);
  });

  test('only the nodes of its page, once each, besides those to start from', async () => {
    const args = { of: filled.read.slice(0, 2).map(artifact), direction: 'DOWNSTREAM', maxNodes: 102 };
    const first = await callsOf(args);
    expect(first.calls).toEqual([
      ...['EventsAlong(100)', 'EventsAlong(2)', 'GetArtifactsByID(2)', 'GetExecutionsByID(100)'],
    ]);
    const { cursor: after } = first.page.completeness;
    const second = await callsOf({ ...args, after });
    expect(second.calls).toEqual([
      ...['EventsAlong(2)', 'EventsAlong(202)', 'GetArtifactsByID(2)', 'GetExecutionsByID(102)'],
    ]);
  });
});
