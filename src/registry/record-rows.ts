import { inParallel } from '../domain/in-parallel.ts';
import { pathKey, sideOf, storedPathKey } from '../domain/record/event.ts';
import { describedIn, type RecordedArtifact, type Recording } from '../domain/record/execution.ts';
import { identify } from '../domain/record/identity.ts';
import { isFoundAgain, type Member, nounOf } from '../domain/record/member.ts';
import { type StoredType, typeKey } from '../domain/record/types.ts';
import { registryKindOf } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import type { Event } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Work } from './change.ts';
import { isLinked } from './find-rows.ts';
import { NODE_RPCS } from './node-rpcs.ts';
import { type FindCandidates, readCandidates } from './record-candidates.ts';
import { readTypes } from './record-types.ts';

/** What is there of an execution that is to be recorded. */
export interface FoundRecording {
  readonly types: ReadonlyMap<string, StoredType>;
  readonly execution: Row | undefined;
  /** The events of the execution. */
  readonly events: readonly Event[];
  /** The artifacts and contexts that are there. */
  readonly rows: ReadonlyMap<Member, Row>;
}

/** What the members are looked for in. */
interface Reads {
  readonly types: ReadonlyMap<string, StoredType>;
  readonly byId: ReadonlyMap<string, Row>;
  readonly candidates: FindCandidates;
  /** The artifacts that the execution has at the paths of its events. */
  readonly byPath: ReadonlyMap<string, Row>;
}

/** Finds what is there of the execution and of its members. Told what should be there and is not, and what is another. */
export async function findRecorded(work: Work, recording: Recording): Promise<FoundRecording> {
  const { execution: described, artifacts, contexts } = recording;
  const all = describedIn(recording);
  const [types, byId, candidates] = await Promise.all([
    readTypes(work, all),
    readByIds(work, [...artifacts, ...contexts]),
    readCandidates(work, all),
  ]);
  const typeId = types.get(typeKey(described))?.id;
  const execution = identify(described, { ...candidates(described), typeId }, work.mistakes);
  const events = await readEvents(work, execution);
  const byPath = await readByPath(work, artifacts, events);
  const reads = { types, byId, candidates, byPath };
  const rows = new Map<Member, Row>();
  for (const member of [...artifacts, ...contexts]) {
    const row = rowOf(work, member, reads);
    if (row) rows.set(member, row);
  }
  return { types, execution, events, rows };
}

async function readByIds(work: Work, members: readonly Member[]): Promise<ReadonlyMap<string, Row>> {
  const read = (['Artifact', 'Context'] as const).map(async (node) => {
    const ids = new Set(members.flatMap((each) => (each.node === node && each.id !== undefined ? [each.id] : [])));
    const rows = ids.size === 0 ? [] : await NODE_RPCS[node].byIds(work.rpcs, [...ids], work.call);
    const there = await inParallel(rows, (row) => isThere(work, row));
    return rows.filter((_row, index) => there[index]).map((row) => [`${node}:${row.id}`, row] as const);
  });
  return new Map((await Promise.all(read)).flat());
}

/** A context of the registry that has no owner was left half-made. Artifacts of the registry may be without. */
async function isThere(work: Work, row: Row): Promise<boolean> {
  const kind = registryKindOf(row);
  return kind === undefined || isLinked(work, kind, row);
}

async function readEvents({ rpcs, call }: Work, execution: Row | undefined): Promise<readonly Event[]> {
  if (execution?.id === undefined) return [];
  return (await rpcs.getEventsByExecutionIDs({ executionIds: [execution.id] }, call)).events;
}

/** The artifacts at those paths whose artifact has nothing else to be found by. */
async function readByPath(
  { rpcs, call }: Work,
  artifacts: readonly RecordedArtifact[],
  events: readonly Event[],
): Promise<ReadonlyMap<string, Row>> {
  const wanted = new Set(artifacts.filter(isAtPath).map(placeOf));
  const ids = new Map<string, bigint>();
  for (const event of events) {
    const path = `${sideOf(event)}:${storedPathKey(event)}`;
    if (wanted.has(path) && event.artifactId !== undefined) ids.set(path, event.artifactId);
  }
  if (ids.size === 0) return new Map();
  const rows = await NODE_RPCS.Artifact.byIds(rpcs, [...new Set(ids.values())], call);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    [...ids].flatMap(([path, id]) => {
      const row = byId.get(id);
      return row ? [[path, row]] : [];
    }),
  );
}

function isAtPath({ described, event }: RecordedArtifact): boolean {
  return described !== undefined && !isFoundAgain(described) && event.path !== undefined;
}

function placeOf({ side, event }: RecordedArtifact): string {
  return `${side}:${event.path && pathKey(event.path)}`;
}

function rowOf({ mistakes }: Work, member: Member | RecordedArtifact, reads: Reads): Row | undefined {
  const { node, id, described, place } = member;
  if (id !== undefined) {
    const row = reads.byId.get(`${node}:${id}`);
    if (!row) mistakes.at(...place, 'databaseId').add('NOT_FOUND', `There is no ${nounOf(node)} ${id}.`);
    return row;
  }
  if (!described) return undefined; // told already
  const typeId = reads.types.get(typeKey(described))?.id;
  if (!('event' in member) || !isAtPath(member)) {
    return identify(described, { ...reads.candidates(described), typeId }, mistakes);
  }
  const row = reads.byPath.get(placeOf(member));
  return row?.typeId === typeId ? row : undefined; // else the path is told to be another's
}
