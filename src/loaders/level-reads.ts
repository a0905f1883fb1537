import { INPUT_TYPES, OUTPUT_TYPES } from '../domain/event.ts';
import type { AskedNode } from '../domain/lineage/graph.ts';
import type { Artifact, Event, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { CHUNK, inChunks } from './in-chunks.ts';
import { idList, typeIn } from './list-options.ts';
import type { createNodeLoaders } from './nodes.ts';
import { createWalkLists, type Listed, listAll } from './walk-lists.ts';

/** What a walk reads of the nodes of its levels, one level after the other. */
export interface LevelReads {
  /** The events that lead on from these nodes, without their paths where the store can leave them out; one may come twice. */
  events(asked: readonly AskedNode[]): Promise<readonly Event[]>;
  /** Those of these artifacts that are of these types, by id, with the properties of these names. */
  readonly artifactsOfTypes: OfTypes<Artifact>;
  /** Those of these executions that are of these types, in the same way. */
  readonly executionsOfTypes: OfTypes<Execution>;
  /** Whether none of these nodes are of these types, as far as that is known before any of them is read. */
  areNone(asked: readonly AskedNode[], types: ReadonlySet<string>): Promise<boolean>;
  /** What these artifacts are, by id. */
  artifacts(asked: readonly AskedNode[]): Promise<readonly FileNode[]>;
}

/** An artifact, as far as links follow from what file it is. */
export type FileNode = Pick<Artifact, 'id' | 'type' | 'uri'>;

/** Reads those of some nodes that are of some types. */
export type OfTypes<Node> = (
  asked: readonly AskedNode[],
  types: readonly string[],
  properties: readonly string[],
) => Promise<readonly Node[]>;

/** By the RPCs of MLMD, which give a node as a whole or not at all. */
export function readLevels(
  store: MetadataStore,
  call: Call,
  { artifact }: ReturnType<typeof createNodeLoaders>,
): LevelReads {
  const { artifacts, executions } = createWalkLists(store, call);
  const bare = { ...call, read: { eventPaths: false } };
  return {
    async events(asked) {
      const [ofArtifacts, ofExecutions] = await Promise.all([
        inChunks(
          idsOf(asked, 'Artifact'),
          CHUNK,
          async (artifactIds) => (await store.getEventsByArtifactIDs({ artifactIds }, bare)).events,
        ),
        inChunks(
          idsOf(asked, 'Execution'),
          CHUNK,
          async (executionIds) => (await store.getEventsByExecutionIDs({ executionIds }, bare)).events,
        ),
      ]);
      const leads = leadingOn(asked);
      return [
        ...ofArtifacts.filter(({ type, artifactId = 0n }) => leads('Artifact', artifactId, type)),
        ...ofExecutions.filter(({ type, executionId = 0n }) => leads('Execution', executionId, type)),
      ];
    },
    areNone: async () => false,
    artifactsOfTypes: listedOfTypes(artifacts),
    executionsOfTypes: listedOfTypes(executions),
    artifacts: async (asked) => (await artifact.loadAll(asked.map(({ id }) => id))).filter((each) => each !== null),
  };
}

function idsOf(asked: readonly AskedNode[], kind: AskedNode['type']): bigint[] {
  return asked.flatMap(({ type, id }) => (type === kind ? [id] : []));
}

/** Whether an event of a type leads on from a node. Upstream of an artifact is what wrote it, of an execution what it read. */
function leadingOn(asked: readonly AskedNode[]) {
  const sets = {
    Artifact: { up: new Set<bigint>(), down: new Set<bigint>() },
    Execution: { up: new Set<bigint>(), down: new Set<bigint>() },
  };
  for (const { type, id, up, down } of asked) {
    if (type === 'Context') continue;
    if (up) sets[type].up.add(id);
    if (down) sets[type].down.add(id);
  }
  return (kind: 'Artifact' | 'Execution', id: bigint, type: Event['type']): boolean => {
    const [toWriter, toReader] = kind === 'Artifact' ? (['up', 'down'] as const) : (['down', 'up'] as const);
    return (
      (OUTPUT_TYPES.has(type) && sets[kind][toWriter].has(id)) ||
      (INPUT_TYPES.has(type) && sets[kind][toReader].has(id))
    );
  };
}

/** All that a list has of them: others are not read. */
function listedOfTypes<Node extends { readonly id?: bigint | undefined }>(
  list: (properties: readonly string[]) => Listed<Node>,
): OfTypes<Node> {
  return async (asked, types, properties) => {
    const read = (chunk: bigint[]) => listAll(list(properties), [`id IN (${idList(chunk)})`, ...typeIn(types)]);
    const found = await inChunks(
      asked.map(({ id }) => id),
      CHUNK,
      read,
    );
    return byId(found);
  };
}

/** The nodes in the order of their ids. */
export function byId<Node extends { readonly id?: bigint | undefined }>(nodes: readonly Node[]): readonly Node[] {
  return nodes.toSorted(({ id: one = 0n }, { id: other = 0n }) => (one < other ? -1 : 1));
}
