import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { enumName } from '../../src/domain/enum-name.ts';
import { INPUT_TYPES, OUTPUT_TYPES } from '../../src/domain/event.ts';
import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { putArtifacts, putExecutions, putTypes, range } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { artifact, ask, brief, execution, idsOf } from './ask.ts';
import { createModel, type Graph, type ModelLink, type Way } from './model.ts';

const numRuns = Number(process.env.MODELGRAPH_TEST_WALKS ?? 200);
const seed = Number(process.env.MODELGRAPH_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

const GRAPHS = 100;

const TYPES = [...INPUT_TYPES, ...OUTPUT_TYPES].filter((type) => type !== undefined);

/** Few events in most graphs, so that paths are long: a node may then be come to again, by a long way round. */
const graphs: fc.Arbitrary<Graph> = fc
  .record({
    artifacts: fc.integer({ min: 1, max: 9 }),
    executions: fc.integer({ min: 1, max: 9 }),
    density: fc.constantFrom(1, 1.3, 1.3, 3),
  })
  .chain(({ artifacts, executions, density }) =>
    fc.record({
      artifacts: fc.constant(artifacts),
      executions: fc.constant(executions),
      events: fc.uniqueArray(
        fc.record({
          artifact: fc.nat(artifacts - 1),
          execution: fc.nat(executions - 1),
          type: fc.constantFrom(...TYPES),
        }),
        {
          minLength: Math.min(artifacts * executions, artifacts + executions),
          maxLength: Math.ceil(density * (artifacts + executions)),
          selector: (event) => Object.values(event).join(),
        },
      ),
    }),
  );

/** The graphs as stored, each a component of its own: its nodes in order, and its links. */
interface Stored {
  readonly ordered: readonly string[];
  readonly links: readonly ModelLink[];
}

async function put(store: MetadataStore, all: readonly Graph[]): Promise<readonly Stored[]> {
  const types = await putTypes(store);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const artifactIds = await putArtifacts(store, types.artifact, sum(all.map(({ artifacts }) => artifacts)));
  const executionIds = await putExecutions(store, types.execution, sum(all.map(({ executions }) => executions)));
  const placed = all.map(({ artifacts, executions, events }) => {
    const own = { artifacts: artifactIds.splice(0, artifacts), executions: executionIds.splice(0, executions) };
    return {
      own,
      events: events.map((event) => ({
        artifactId: own.artifacts[event.artifact] ?? 0n,
        executionId: own.executions[event.execution] ?? 0n,
        type: event.type,
      })),
    };
  });
  await store.putEvents({ events: placed.flatMap(({ events }) => events) });
  return placed.map(({ own, events }) => ({
    ordered: [...own.artifacts.map(artifact), ...own.executions.map(execution)],
    links: events.map(({ artifactId, executionId, type }): ModelLink => {
      const isInput = INPUT_TYPES.has(type);
      const ends = [artifact(artifactId), execution(executionId)] as const;
      const [from, to] = isInput ? ends : [ends[1], ends[0]];
      return { from, to, text: `${from}>${to} ${isInput ? 'INPUT' : 'OUTPUT'} ${enumName(Event_Type, type)}` };
    }),
  }));
}

const questions = fc.record({
  graph: fc.nat(GRAPHS - 1),
  of: fc.array(fc.nat(15), { minLength: 1, maxLength: 3 }),
  direction: fc.constantFrom('UPSTREAM', 'DOWNSTREAM', 'BIDIRECTIONAL'),
  hidden: fc.option(fc.array(fc.nat(15), { minLength: 1, maxLength: 8 })),
  stopAt: fc.option(fc.array(fc.nat(15), { minLength: 1, maxLength: 3 })),
  sizes: fc.array(fc.record({ maxNodes: fc.integer({ min: 1, max: 8 }), maxDepth: fc.nat(12) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

const WAYS: Readonly<Record<string, readonly Way[]>> = {
  UPSTREAM: ['up'],
  DOWNSTREAM: ['down'],
  BIDIRECTIONAL: ['up', 'down'],
};

describe.each(KINDS)('walks over random graphs with cycles, %s store', (kind) => {
  let harness: Harness;
  let stored: readonly Stored[];
  beforeAll(async () => {
    const all = fc.sample(graphs, { numRuns: GRAPHS, seed });
    harness = await openHarness({
      kind,
      fill: async (store) => {
        stored = await put(store, all);
      },
    });
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  test(`${numRuns} walks, page by page, are the closure`, { timeout: 60_000 + numRuns * 500 }, async () => {
    console.log(`MODELGRAPH_TEST_WALKS=${numRuns} MODELGRAPH_TEST_SEED=${seed}`);
    await fc.assert(
      fc.asyncProperty(questions, async ({ graph, sizes, direction, ...chosen }) => {
        const { ordered = [], links = [] } = stored[graph] ?? {};
        const some = (indexes: readonly number[]) => [
          ...new Set(indexes.map((index) => ordered[index % ordered.length] ?? '')),
        ];
        const of = some(chosen.of);
        const shown = chosen.hidden && ordered.filter((id) => !some(chosen.hidden ?? []).includes(id));
        const stopped = chosen.stopAt && some(chosen.stopAt);
        const model = createModel({
          ...{ ordered, links, of, ways: WAYS[direction] ?? [] },
          shows: (id) => shown?.includes(id) ?? true,
          stops: (id) => stopped?.includes(id) ?? false,
        });
        const args = {
          ...{ of, direction },
          ...(shown && { filter: { ids: shown } }),
          ...(stopped && { stopAt: { ids: stopped } }),
        };
        await expectPages(args, model, sizes);
      }),
      { numRuns, seed },
    );
  });

  async function expectPages(
    args: { readonly of: readonly string[] },
    model: ReturnType<typeof createModel>,
    sizes: readonly { readonly maxNodes: number; readonly maxDepth: number }[],
  ): Promise<void> {
    const whole = await ask(harness, args);
    expect(whole.completeness).toEqual({ complete: true, reason: null, omittedNodes: 0, cursor: null });
    expect(idsOf(whole)).toEqual(model.nodes);
    const ids: string[] = [];
    const edges: string[] = [];
    let after: string | null = null;
    for (const turn of range(200)) {
      const { maxNodes, maxDepth } = sizes[turn % sizes.length] ?? { maxNodes: 1, maxDepth: 1 };
      const page = await ask(harness, { ...args, maxNodes, maxDepth, ...(after && { after }) });
      const expected = model.next(maxNodes, maxDepth);
      ids.push(...idsOf(page));
      edges.push(...page.edges.map(brief));
      after = page.completeness.cursor;
      expect({ ...page.completeness, nodes: idsOf(page) }).toEqual({
        ...{ nodes: expected.nodes, reason: expected.reason, omittedNodes: expected.omittedNodes },
        complete: expected.reason === null,
        cursor: expected.reason === null ? null : expect.any(String),
      });
      expect(after?.length ?? 0).toBeLessThan(4_096);
      expect(edges.toSorted(), 'each link once').toEqual([...expected.links].sort());
      if (after === null) break;
    }
    expect(after).toBeNull();
    expect(ids).toEqual(model.nodes);
    expect(edges.toSorted()).toEqual(whole.edges.map(brief).sort());
  }
});
