import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { putArtifacts, putExecutions, putTypes, range } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { none, properties, putRegistryTypes } from '../registry-rows.ts';
import { artifact, ask, askAll, brief, context, execution, idsOf } from './ask.ts';

/** What MLMD cuts without a word, by names. */
interface Wide {
  /** 1,000 artifacts, each read by an execution of its own. */
  readonly many: readonly bigint[];
  /** An artifact that 1,000 executions read. */
  readonly popular: bigint;
  /** 501 artifacts, each made from the one before it. */
  readonly chain: readonly bigint[];
}

async function putWide(store: MetadataStore): Promise<Wide> {
  const types = await putTypes(store);
  const many = await putArtifacts(store, types.artifact, 1_000);
  const readers = await putExecutions(store, types.execution, 1_000);
  const [popular = 0n] = await putArtifacts(store, types.artifact, 1);
  const consumers = await putExecutions(store, types.execution, 1_000);
  const chain = await putArtifacts(store, types.artifact, 501);
  const steps = await putExecutions(store, types.execution, 500);
  const at = (ids: readonly bigint[], index: number) => ids[index] ?? 0n;
  await store.putEvents({
    events: [
      ...many.map((artifactId, index) => ({ artifactId, executionId: at(readers, index), type: Event_Type.INPUT })),
      ...consumers.map((executionId) => ({ artifactId: popular, executionId, type: Event_Type.INPUT })),
      ...steps.flatMap((executionId, index) => [
        { artifactId: at(chain, index), executionId, type: Event_Type.INPUT },
        { artifactId: at(chain, index + 1), executionId, type: Event_Type.OUTPUT },
      ]),
    ],
  });
  return { many, popular, chain };
}

describe.each(KINDS)('what MLMD cuts is whole, %s store', (kind) => {
  let harness: Harness;
  let wide: Wide;
  beforeAll(async () => {
    harness = await openHarness({
      kind,
      fill: async (store) => {
        wide = await putWide(store);
      },
    });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test.each([250, 1_000])('%i nodes to start from', async (count) => {
    const of = wide.many.slice(0, count).map(artifact);
    const page = await ask(harness, { of, direction: 'DOWNSTREAM', maxNodes: 2 * count });
    expect(page.completeness).toEqual({ complete: true, reason: null, omittedNodes: 0, cursor: null });
    expect(idsOf(page).slice(0, count)).toEqual(of);
    expect(new Set(idsOf(page)).size).toBe(2 * count);
    expect(new Set(page.edges.map(({ from }) => from.id))).toEqual(new Set(of));
  });

  // The other store gets as far; it takes a call for each hop.
  test.each(kind === 'embedded' ? [240, 1_000] : [240])('a chain of %i hops', async (hops) => {
    const ends = [wide.chain[0], wide.chain[hops / 2]].map(artifact);
    for (const [direction, [from = '', to]] of [
      ['DOWNSTREAM', ends],
      ['UPSTREAM', ends.toReversed()],
    ] as const) {
      const page = await ask(harness, { of: [from], direction, maxDepth: hops, maxNodes: 2_000 });
      expect(page.nodes).toHaveLength(Math.min(hops, 1_000) + 1);
      expect(page.edges).toHaveLength(hops);
      expect(idsOf(page).at(-1)).toBe(to);
      expect(page.completeness.complete).toBe(direction === 'UPSTREAM' || hops === 1_000);
      expect(page.completeness.omittedNodes).toBe(page.completeness.complete ? 0 : 1);
    }
  });

  test('an artifact with 1,000 consumers', async () => {
    const page = await ask(harness, { of: [artifact(wide.popular)], maxNodes: 1_001 });
    expect(page.completeness).toMatchObject({ complete: true, omittedNodes: 0 });
    expect([page.nodes.length, page.edges.length]).toEqual([1_001, 1_000]);
  });

  test('the siblings of one reader, all through the artifact that they read, are not downstream of it', async () => {
    const page = await ask(harness, { of: [execution(1_001n)] });
    expect(page.nodes).toHaveLength(2);
  });
});

/** 11 versions with 1,000 metrics each, all metrics in two versions. */
async function putMeasured(store: MetadataStore): Promise<readonly bigint[]> {
  const types = await putRegistryTypes(store);
  const typeOf = (name: string) => types.get(name) ?? 0n;
  const model = { ...none, typeId: typeOf('kf.RegisteredModel'), name: 'model' };
  const { contextIds: [modelId = 0n] = [] } = await store.putContexts({ contexts: [model] });
  const { contextIds } = await store.putContexts({
    contexts: range(11).map((index) => ({ ...none, typeId: typeOf('kf.ModelVersion'), name: `${modelId}:${index}` })),
  });
  await store.putParentContexts({ parentContexts: contextIds.map((childId) => ({ childId, parentId: modelId })) });
  const { artifactIds } = await store.putArtifacts({
    artifacts: range(11_000).map((index) => ({
      ...properties({ value: { doubleValue: index } }),
      typeId: typeOf('kf.Metric'),
      name: `metric ${index}`,
    })),
  });
  const inVersion = (shift: number) =>
    artifactIds.map((artifactId, index) => ({
      artifactId,
      contextId: contextIds[(Math.floor(index / 1_000) + shift) % 11] ?? 0n,
    }));
  await store.putAttributionsAndAssociations({ attributions: [...inVersion(0), ...inVersion(1)], associations: [] });
  return contextIds;
}

describe.each(KINDS)('more rows of the registry than a request may list, %s store', (kind) => {
  let harness: Harness;
  let versions: readonly bigint[];
  beforeAll(async () => {
    harness = await openHarness({
      kind,
      fill: async (store) => {
        versions = await putMeasured(store);
      },
    });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test('are walked over, page by page', async () => {
    const of = versions.map(context);
    const pages = await askAll(harness, { of, direction: 'DOWNSTREAM', maxNodes: 10_000 });
    expect(pages.map(({ completeness }) => completeness.reason)).toEqual(['MAX_NODES', null]);
    const ids = pages.flatMap(idsOf);
    expect([ids.length, new Set(ids).size]).toEqual([11_012, 11_012]);
    const edges = pages.flatMap((page) => page.edges.map(brief));
    expect([edges.length, new Set(edges).size]).toEqual([22_011, 22_011]);
  });

  test('are started from', async () => {
    const of = range(10_000).map((index) => artifact(BigInt(index + 1)));
    const page = await ask(harness, { of, direction: 'UPSTREAM', maxNodes: 1 });
    expect(page.completeness).toMatchObject({ reason: 'MAX_NODES' });
    const filter = { types: ['ModelVersion'] };
    const shown = await ask(harness, { of, direction: 'UPSTREAM', filter });
    expect(idsOf(shown)).toEqual(versions.map(context));
    expect(shown.edges).toHaveLength(20_000);
  });
});
