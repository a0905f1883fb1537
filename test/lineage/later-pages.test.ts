import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { putExecutions, putTypes, range } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { none, putRegistryTypes } from '../registry-rows.ts';
import { artifact, ask, askAll, brief, execution, idsOf, type Page } from './ask.ts';

interface Filled {
  /** Wrote 300 artifacts, some of which are registered. */
  readonly maker: bigint;
  readonly made: readonly bigint[];
}

/** The places of artifacts whose files are registered, and of those that are part of a version themselves. */
const FILES = [3, 250];
const PARTS = [5, 120];

/** With so many other files beside them. */
async function fill(store: MetadataStore, others: number): Promise<Filled> {
  const own = await putTypes(store);
  const types = await putRegistryTypes(store);
  const typeOf = (name: string) => types.get(name) ?? 0n;
  const [maker = 0n] = await putExecutions(store, own.execution, 1);
  const { artifactIds: made } = await store.putArtifacts({
    artifacts: range(300).map((index) => ({ ...none, typeId: own.artifact, uri: `s3://bucket/thing/${index}` })),
  });
  await store.putEvents({
    events: made.map((artifactId) => ({ artifactId, executionId: maker, type: Event_Type.OUTPUT })),
  });
  const contextOf = async (type: string, name: string) =>
    (await store.putContexts({ contexts: [{ ...none, typeId: typeOf(type), name }] })).contextIds[0] ?? 0n;
  const model = await contextOf('kf.RegisteredModel', 'model');
  const version = await contextOf('kf.ModelVersion', `${model}:v1`);
  await store.putParentContexts({ parentContexts: [{ childId: version, parentId: model }] });
  const registered = [
    ...FILES.map((index) => `s3a://bucket/thing/${index}/`),
    ...range(others).map((at) => `gs://b/${at}`),
  ];
  const { artifactIds: files } = await store.putArtifacts({
    artifacts: registered.map((uri, index) => ({
      ...none,
      typeId: typeOf('kf.ModelArtifact'),
      name: `${version}:file ${index}`,
      uri,
    })),
  });
  const parts = [...files.slice(0, FILES.length), ...PARTS.map((place) => made[place] ?? 0n)];
  await store.putAttributionsAndAssociations({
    attributions: parts.map((artifactId) => ({ artifactId, contextId: version })),
    associations: [],
  });
  return { maker, made };
}

/**
 * The calls of a second page of 101 nodes, behind the maker and 100 artifacts. What a version is made of is read over gRPC,
 * though an earlier page has it: the link depends on what it is.
 */
const CALLS = {
  embedded: [
    ...['ContextsOfArtifacts(201)', 'EventsAlong(1)', 'EventsAlong(201)', 'GetArtifacts(1)', 'GetArtifacts(1)'],
    ...['GetArtifactsByID(101)', 'GetExecutionsByID(1)', 'Outlines(1)', 'Outlines(201)', 'OutlinesByUri(1206)'],
  ],
  remote: [
    ...['GetArtifacts(1)', 'GetArtifacts(1)', 'GetArtifacts(1)', 'GetArtifactsByID(1)', 'GetArtifactsByID(101)'],
    ...['GetArtifactsByURI(12)', 'GetArtifactsByURI(606)', 'GetContexts(1)', 'GetContexts(1)'],
    ...['GetEventsByArtifactIDs(201)', 'GetEventsByExecutionIDs(1)', 'GetExecutions(1)', 'GetExecutionsByID(1)'],
    ...['GetLineageSubgraph(1)', 'GetLineageSubgraph(100)', 'GetLineageSubgraph(100)'],
  ],
};

describe.each(KINDS)('later pages where there are types of the registry, %s store', (kind) => {
  let harness: Harness;
  let filled: Filled;
  beforeAll(async () => {
    harness = await openHarness({
      kind,
      fill: async (store) => {
        filled = await fill(store, 0);
      },
    });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const args = (maxNodes: number) => ({ of: [execution(filled.maker)], direction: 'DOWNSTREAM', maxNodes });

  test('are the closure, with the links of registered files of earlier pages', async () => {
    const whole = await ask(harness, args(1_000));
    const pages = await askAll(harness, args(101));
    const edges = (all: readonly Page[]) => all.flatMap((page) => page.edges.map(brief)).sort();
    expect(pages).toHaveLength(4);
    expect(pages.flatMap(idsOf)).toEqual(idsOf(whole));
    expect(edges(pages)).toEqual(edges([whole]));
    expect(whole.edges.filter((edge) => edge.kind === 'SAME_FILE').map((edge) => edge.from.id)).toEqual(
      FILES.map((index) => artifact(filled.made[index] ?? 0n)),
    );
  });

  test('read no nodes but their own', async () => {
    const { completeness } = await ask(harness, args(101));
    harness.calls.length = 0;
    const second = await ask(harness, { ...args(101), after: completeness.cursor });
    expect(second.nodes).toHaveLength(101);
    expect(harness.calls.toSorted()).toEqual(CALLS[kind]);
  });
});

describe.skipIf(!KINDS.includes('remote'))('later pages beside more registered files than are looked through', () => {
  test('read over gRPC what earlier pages have, and are the closure', async () => {
    let filled: Filled | undefined;
    await using harness = await openHarness({
      kind: 'remote',
      fill: async (store) => {
        filled = await fill(store, 1_000);
      },
    });
    const args = { of: [execution(filled?.maker ?? 0n)], direction: 'DOWNSTREAM' };
    const whole = await ask(harness, { ...args, maxNodes: 1_000 });
    const first = await ask(harness, { ...args, maxNodes: 101 });
    harness.calls.length = 0;
    const pages = [first, ...(await askAll(harness, { ...args, maxNodes: 1_000, after: first.completeness.cursor }))];
    expect(harness.calls.filter((call) => call.startsWith('GetArtifactsByID'))).toContain('GetArtifactsByID(300)');
    expect(pages.flatMap((page) => page.edges.map(brief)).sort()).toEqual(whole.edges.map(brief).sort());
  });
});
