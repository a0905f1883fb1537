import { INPUT_TYPES, OUTPUT_TYPES } from '../../domain/event.ts';
import type { Event, Event_Type } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call, EventKind, EventNodes, EventWalk, EventWay, Outline, WalkReads } from '../store.ts';
import { inSlices } from './in-slices.ts';
import { type Columns, packedColumns, plainColumns, selection } from './packed-columns.ts';
import { refuseLate } from './refuse-late.ts';
import { type Database, jsonList, type Transaction, toInt, toText } from './transaction.ts';

/** Nodes whose events are read in one go; a level that does not fit in waits until it is asked for. */
const AHEAD = 200;

/** Nodes that are looked at in one go. */
const SLICE = 1_000;

/** Nodes with so few events that packing those is not worth its while. */
const FEW = 16;

/** Reads for walks, in a statement or two for each level. */
export function createWalkReads(database: Database, refuse: () => void): WalkReads {
  const read = <Result>(call: Call, work: (transaction: Transaction) => Promise<Result>) => {
    refuse();
    refuseLate(call);
    return database.read(work);
  };
  return {
    eventsAlong: async (walk, call = {}) => read(call, (transaction) => eventsAlong(transaction, walk, call)),
    outlines: async (nodes, call = {}) =>
      read(call, async (transaction) => ({
        Artifact: await outlinesOf(transaction, 'Artifact', nodes.Artifact, call),
        Execution: await outlinesOf(transaction, 'Execution', nodes.Execution, call),
      })),
    outlinesByUri: async (uris, call = {}) =>
      read(call, (transaction) => outlinesByUri(transaction, [...new Set(uris)], call)),
  };
}

type Found = Readonly<Record<EventWay, Readonly<Record<EventKind, Map<bigint, Event[]>>>>>;

/** Which events lead a way from a kind of node, and to which. Upstream of an artifact is what wrote it. */
const STEPS = (
  [
    ['up', 'Artifact', OUTPUT_TYPES],
    ['up', 'Execution', INPUT_TYPES],
    ['down', 'Artifact', INPUT_TYPES],
    ['down', 'Execution', OUTPUT_TYPES],
  ] as const
).map(([way, kind, types]) => ({
  ...{ way, kind },
  other: kind === 'Artifact' ? ('Execution' as const) : ('Artifact' as const),
  from: `FROM json_each(?) AS place CROSS JOIN Event AS e ON e.${kind.toLowerCase()}_id = place.value
    AND e.type IN (${[...types].filter((type) => type !== undefined).join(', ')})`,
}));

const EVENT = selection(['e.artifact_id', 'e.execution_id', 'e.type', 'e.milliseconds_since_epoch']);

async function eventsAlong(transaction: Transaction, walk: EventWalk, call: Call): Promise<Found> {
  const found: Found = { up: newMaps(), down: newMaps() };
  let level: Readonly<Record<EventWay, EventNodes>> = walk;
  let size = sizeOf(level);
  let read = 0;
  for (let depth = 1; size > 0; depth += 1) {
    const next = { up: newLists(), down: newLists() };
    for (const step of STEPS) {
      const { way, kind, other } = step;
      if (level[way][kind].length === 0) continue;
      for (const id of await readStep(transaction, step, level[way][kind], found, call))
        if (!found[way][other].has(id) && walk.wants(way, other, id)) next[way][other].push(id);
    }
    read += size;
    level = next;
    size = sizeOf(level);
    if (depth >= walk.levels || read + size > AHEAD) break;
  }
  return found;
}

function newMaps(): Found[EventWay] {
  return { Artifact: new Map(), Execution: new Map() };
}

function newLists(): Record<EventKind, bigint[]> {
  return { Artifact: [], Execution: [] };
}

function sizeOf({ up, down }: Readonly<Record<EventWay, EventNodes>>): number {
  return up.Artifact.length + up.Execution.length + down.Artifact.length + down.Execution.length;
}

/** Reads the events of nodes; gives the other ends, each once. */
async function readStep(
  transaction: Transaction,
  { way, kind, from }: (typeof STEPS)[number],
  ids: readonly bigint[],
  found: Found,
  call: Call,
): Promise<ReadonlySet<bigint>> {
  const byNode = found[way][kind];
  for (const id of ids) byNode.set(id, []);
  const ends = new Set<bigint>();
  await inSlices(transaction, call, ids, AHEAD, async (slice) => {
    const read = slice.length > FEW ? packedColumns : plainColumns;
    const columns = await read(transaction, EVENT, from, jsonList(slice));
    for (const event of toEvents(columns)) {
      const { artifactId = 0n, executionId = 0n } = event;
      byNode.get(kind === 'Artifact' ? artifactId : executionId)?.push(event);
      ends.add(kind === 'Artifact' ? executionId : artifactId);
    }
    return [];
  });
  return ends;
}

function toEvents([artifactIds = [], executionIds = [], types = [], times = []]: Columns): readonly Event[] {
  return artifactIds.map((artifactId, row) => ({
    artifactId: toInt(artifactId),
    executionId: toInt(executionIds[row]),
    // Like a decoder, lets a number pass that the enum does not know.
    type: Number(types[row] ?? 0) as Event_Type,
    millisecondsSinceEpoch: toInt(times[row]),
  }));
}

/** A node's id; its type and URI. */
const OUTLINES = {
  Artifact: selection(['n.id'], ['t.name', 'n.uri']),
  Execution: selection(['n.id'], ['t.name', 'NULL']),
};

const TYPE = 'LEFT JOIN Type AS t ON t.id = n.type_id';

function outlinesOf(
  transaction: Transaction,
  kind: EventKind,
  ids: readonly bigint[],
  call: Call,
): Promise<readonly Outline[]> {
  const from = `FROM json_each(?) AS place CROSS JOIN ${kind} AS n ON n.id = place.value ${TYPE}`;
  return inSlices(transaction, call, ids, SLICE, async (slice) =>
    slice.length === 0 ? [] : toOutlines(await packedColumns(transaction, OUTLINES[kind], from, jsonList(slice))),
  );
}

function outlinesByUri(transaction: Transaction, uris: readonly string[], call: Call): Promise<readonly Outline[]> {
  const from = `FROM json_each(?) AS place CROSS JOIN Artifact AS n ON n.uri = place.value ${TYPE}`;
  return inSlices(transaction, call, uris, SLICE, async (slice) =>
    toOutlines(await packedColumns(transaction, OUTLINES.Artifact, from, jsonList(slice))),
  );
}

function toOutlines([ids = [], types = [], uris = []]: Columns): Outline[] {
  return ids.map((id, row) => ({ id: toInt(id) ?? 0n, type: toText(types[row]), uri: toText(uris[row]) }));
}
