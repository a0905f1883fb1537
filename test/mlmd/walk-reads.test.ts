import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { INPUT_TYPES, OUTPUT_TYPES } from '../../src/domain/event.ts';
import { type Event, Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { EventKind, EventWay, MetadataStore } from '../../src/mlmd/store.ts';
import { putArtifacts, putExecutions, putTypes, range } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';

const NODES = 40;
const STEPS = 90;
const READERS = 300;
const TYPES = [...INPUT_TYPES, ...OUTPUT_TYPES].filter((type) => type !== undefined);

interface Graph {
  readonly Artifact: readonly bigint[];
  readonly Execution: readonly bigint[];
  readonly events: readonly Event[];
}

/** A random graph; behind it a chain of 90 steps, whose last artifact 300 executions read. */
async function fill(store: MetadataStore): Promise<Graph> {
  const types = await putTypes(store);
  const Artifact = await putArtifacts(store, types.artifact, NODES + STEPS + 1);
  const Execution = await putExecutions(store, types.execution, NODES + STEPS + READERS);
  const event = (artifact: number, execution: number, type: Event_Type): Event => ({
    artifactId: Artifact[artifact] ?? 0n,
    executionId: Execution[execution] ?? 0n,
    type,
    millisecondsSinceEpoch: BigInt(1_000 + artifact),
  });
  const random = fc.sample(fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1), fc.constantFrom(...TYPES)), {
    numRuns: NODES * 2,
    seed: 7,
  });
  const events = [
    ...random.map(([artifact, execution, type]) => event(artifact, execution, type)),
    ...range(STEPS).flatMap((step) => [
      event(NODES + step, NODES + step, Event_Type.INPUT),
      event(NODES + step + 1, NODES + step, Event_Type.OUTPUT),
    ]),
    ...range(READERS).map((index) => event(NODES + STEPS, NODES + STEPS + index, Event_Type.INPUT)),
  ];
  const each = new Map(events.map((one) => [keyOf(one), one]));
  await store.putEvents({ events: [...each.values()] });
  return { Artifact, Execution, events: [...each.values()] };
}

function keyOf({ artifactId, executionId, type }: Event): string {
  return `${artifactId} ${executionId} ${type}`;
}

let harness: Harness;
let graph: Graph;
beforeAll(async () => {
  harness = await openHarness({
    fill: async (store) => {
      graph = await fill(store);
    },
  });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

const reads = () => {
  if (!harness.store.walks) throw new Error('the embedded store has no reads for walks');
  return harness.store.walks;
};
const nobody = { Artifact: [], Execution: [] };
const all = { levels: 1_000, wants: () => true };

/** The events that lead on from a node, by its key in short. */
function leadingOn(way: EventWay, kind: EventKind, id: bigint): readonly string[] {
  const types = (way === 'up') === (kind === 'Artifact') ? OUTPUT_TYPES : INPUT_TYPES;
  const isOf = ({ artifactId, executionId }: Event) => (kind === 'Artifact' ? artifactId : executionId) === id;
  return graph.events
    .filter((event) => types.has(event.type) && isOf(event))
    .map(keyOf)
    .sort();
}

type Found = Awaited<ReturnType<ReturnType<typeof reads>['eventsAlong']>>;

function expectAllOf(found: Found): void {
  for (const way of ['up', 'down'] as const) {
    for (const kind of ['Artifact', 'Execution'] as const) {
      for (const [id, events] of found[way][kind])
        expect(events.map(keyOf).sort(), `${way} of ${kind} ${id}`).toEqual(leadingOn(way, kind, id));
    }
  }
}

const counts = ({ Artifact, Execution }: Found[EventWay]) => [Artifact.size, Execution.size];

describe('events along a walk', () => {
  const places = fc.array(fc.nat(NODES - 1), { maxLength: 4 });

  test('are all events of each node that was read, and nodes are read level by level', async () => {
    const questions = fc.record({ artifacts: places, executions: places, levels: fc.integer({ min: 1, max: 6 }) });
    await fc.assert(
      fc.asyncProperty(questions, fc.constantFrom('up', 'down'), async ({ artifacts, executions, levels }, way) => {
        const of = (kind: EventKind, indexes: readonly number[]) => [
          ...new Set(indexes.map((at) => graph[kind][at] ?? 0n)),
        ];
        const from = { Artifact: of('Artifact', artifacts), Execution: of('Execution', executions) };
        const found = await reads().eventsAlong({ up: nobody, down: nobody, [way]: from, ...all, levels });
        expectAllOf(found);
        expect(reachedIn(way, from, levels)).toEqual({
          Artifact: [...found[way].Artifact.keys()].sort(),
          Execution: [...found[way].Execution.keys()].sort(),
        });
      }),
      { numRuns: 200 },
    );
  });

  test('end where a level is too large to be read in one go, but for the first one', async () => {
    const [first = 0n, last = 0n] = [graph.Artifact[NODES], graph.Artifact[NODES + STEPS]];
    const down = await reads().eventsAlong({ up: nobody, down: { Artifact: [first], Execution: [] }, ...all });
    expect(counts(down.down)).toEqual([STEPS + 1, STEPS]);
    const readers = graph.Execution.slice(NODES + STEPS);
    const up = await reads().eventsAlong({ up: { Artifact: [], Execution: readers }, down: nobody, ...all });
    expect(counts(up.up)).toEqual([0, READERS]);
    expect([...up.up.Execution.values()].flat().map(({ artifactId }) => artifactId)).toEqual(readers.map(() => last));
    expectAllOf(up);
  });

  test('go both ways at once, and not to what is not wanted', async () => {
    const middle = { Artifact: [graph.Artifact[NODES + 45] ?? 0n], Execution: [] };
    const stop = graph.Execution[NODES + 60];
    const found = await reads().eventsAlong({
      ...{ up: middle, down: middle, levels: 1_000 },
      wants: (_way, kind, id) => kind === 'Artifact' || id !== stop,
    });
    expect([counts(found.up), counts(found.down)]).toEqual([
      [46, 45],
      [16, 15],
    ]);
    expectAllOf(found);
  });
});

/** A search over the events, level by level. */
function reachedIn(way: EventWay, from: Readonly<Record<EventKind, readonly bigint[]>>, levels: number) {
  const reached = { Artifact: new Set(from.Artifact), Execution: new Set(from.Execution) };
  for (let level = 1; level < levels; level += 1) {
    for (const { artifactId = 0n, executionId = 0n } of levelOf(way, reached)) {
      reached.Artifact.add(artifactId);
      reached.Execution.add(executionId);
    }
  }
  return { Artifact: [...reached.Artifact].sort(), Execution: [...reached.Execution].sort() };
}

function levelOf(way: EventWay, reached: Readonly<Record<EventKind, ReadonlySet<bigint>>>): readonly Event[] {
  return graph.events.filter(({ type, artifactId = 0n, executionId = 0n }) => {
    const fromArtifact = (way === 'up' ? OUTPUT_TYPES : INPUT_TYPES).has(type);
    return fromArtifact ? reached.Artifact.has(artifactId) : reached.Execution.has(executionId);
  });
}

describe('outlines', () => {
  test('are the type and URI of what is there', async () => {
    const [one = 0n, other = 0n] = graph.Artifact;
    const found = await reads().outlines({ Artifact: [other, 9_999n, one], Execution: graph.Execution.slice(0, 1) });
    const { artifacts } = await harness.store.getArtifactsById({ artifactIds: [one, other] });
    expect(found.Artifact.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      artifacts.map(({ id, type, uri }) => ({ id, type, uri })),
    );
    const { executions } = await harness.store.getExecutionsById({ executionIds: graph.Execution.slice(0, 1) });
    expect(found.Execution).toEqual(executions.map(({ id, type }) => ({ id, type, uri: undefined })));
  });

  test('are found by the letters of a URI', async () => {
    const found = await reads().outlinesByUri(['thing/3', 'thing/3', 'THING/4', '']);
    expect(found.map(({ id, uri }) => [id, uri])).toEqual([[graph.Artifact[3], 'thing/3']]);
  });
});
