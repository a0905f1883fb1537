import type { Event } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Row } from '../row.ts';
import type { Mistakes } from '../user-error.ts';
import { pathKey, type RecordedEvent, type Side, sideOf, storedPathKey } from './event.ts';
import type { RecordedArtifact, Recording } from './execution.ts';
import { describedKey, type Member } from './member.ts';
import type { Described } from './node.ts';

/** A node that is written, or linked, once. */
export interface PlannedNode {
  /** As it is; undefined for a new one. */
  readonly before: Row | undefined;
  /** All that is said of it; nothing where it is named by its id alone. */
  readonly described: readonly Described[];
}

/** An event to be written. */
export interface PlannedEvent {
  /** The place of its artifact in the plan. */
  readonly artifact: number;
  readonly event: RecordedEvent;
}

/** What is to be written of a recording. */
export interface Plan {
  readonly execution: PlannedNode;
  readonly artifacts: readonly PlannedNode[];
  readonly contexts: readonly PlannedNode[];
  readonly events: readonly PlannedEvent[];
  /** The place of each member among its artifacts or contexts. */
  readonly places: ReadonlyMap<Member, number>;
}

/** What is there of a recording. */
interface Found {
  readonly execution: Row | undefined;
  readonly events: readonly Event[];
  readonly rows: ReadonlyMap<Member, Row>;
}

/** What is to be written: each node once, and the events that are not there. Told of what is named twice. */
export function planOf(recording: Recording, found: Found, mistakes: Mistakes): Plan {
  const places = new Map<Member, number>();
  const artifacts = nodesOf(recording.artifacts, found, places);
  const contexts = nodesOf(recording.contexts, found, places);
  const events = eventsOf(recording.artifacts, artifacts, places, found, mistakes);
  checkOnce(recording.contexts, places, () => '', mistakes);
  const execution = { before: found.execution, described: [recording.execution] };
  return { execution, artifacts, contexts, events, places };
}

function nodesOf(members: readonly Member[], { rows }: Found, places: Map<Member, number>): readonly PlannedNode[] {
  const byKey = new Map<string, number>();
  const nodes: { readonly before: Row | undefined; readonly described: Described[] }[] = [];
  for (const member of members) {
    const { described } = member;
    const before = rows.get(member);
    const key = before ? String(before.id) : described && describedKey(described);
    if (key === undefined) continue; // told already
    const place = byKey.get(key) ?? nodes.push({ before, described: [] }) - 1;
    byKey.set(key, place);
    places.set(member, place);
    if (described) nodes[place]?.described.push(described);
  }
  return nodes;
}

/** The store has one event at most of a type between two nodes, and we one artifact at a path. */
function eventsOf(
  members: readonly RecordedArtifact[],
  nodes: readonly PlannedNode[],
  places: ReadonlyMap<Member, number>,
  { events }: Found,
  mistakes: Mistakes,
): readonly PlannedEvent[] {
  checkOnce(members, places, ({ event }) => event.type, mistakes);
  const known = new Set(events.map(({ artifactId, type }) => `${artifactId}:${type}`));
  const atPath = new Map(events.map((event) => [slotOf(sideOf(event), storedPathKey(event)), event.artifactId]));
  return members.flatMap((member) => {
    const { event, side, place } = member;
    const artifact = places.get(member) ?? 0;
    const id = nodes[artifact]?.before?.id;
    if (known.has(`${id}:${event.type}`)) return [];
    const holder = event.path && atPath.get(slotOf(side, pathKey(event.path)));
    if (holder !== undefined && holder !== id) {
      const problem = 'The execution has another artifact at this path; give another key or index.';
      mistakes.at(...place, 'key').add('INVALID_VALUE', problem, holder);
    }
    return [{ artifact, event }];
  });
}

function slotOf(side: Side, path: string | undefined): string {
  return `${side}:${path}`;
}

function checkOnce<Each extends Member>(
  members: readonly Each[],
  places: ReadonlyMap<Member, number>,
  roleOf: (member: Each) => unknown,
  all: Mistakes,
): void {
  const seen = new Set<string>();
  for (const member of members) {
    const place = places.get(member);
    const key = `${place}:${roleOf(member)}`;
    if (place !== undefined && seen.has(key)) all.at(...member.place).invalid('It is there twice.');
    seen.add(key);
  }
}
