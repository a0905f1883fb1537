import type { AskedNode } from '../domain/lineage/graph.ts';
import type { Event } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, EventKind, EventNodes, EventWay, MetadataStore, Outline, WalkReads } from '../mlmd/store.ts';
import { CHUNK, inChunks } from './in-chunks.ts';
import { byId, type LevelReads, type OfTypes } from './level-reads.ts';

const WAYS: readonly EventWay[] = ['up', 'down'];
const KINDS: readonly EventKind[] = ['Artifact', 'Execution'];

/** What was read ahead of a walk. What the walk has come to is given away: it may pass millions of nodes. */
interface Ahead {
  /** Null for a node that the walk has come to. */
  readonly events: Readonly<Record<EventWay, ByKind<Map<bigint, readonly Event[] | null>>>>;
  readonly outlines: ByKind<Map<bigint, Outline | undefined>>;
  /** Nodes that were not looked at yet. */
  readonly unseen: ByKind<Set<bigint>>;
  level: number;
  /** The level that the walk is at: its outlines are in use until the next one. */
  asked: readonly AskedNode[];
}

type ByKind<Value> = Readonly<Record<EventKind, Value>>;

/** How far a walk goes, and whether it asks what nodes are. */
interface Reach {
  readonly levels: number;
  readonly looks: () => Promise<boolean>;
}

/** By a store's own reads for walks: several small levels by one call, and what a node is without the rest of it. */
export function readAhead(store: MetadataStore, walks: WalkReads, call: Call, reach: Reach): LevelReads {
  const ahead: Ahead = {
    events: { up: byKind(() => new Map()), down: byKind(() => new Map()) },
    outlines: byKind(() => new Map()),
    unseen: byKind(() => new Set()),
    ...{ level: 0, asked: [] },
  };
  let current: Promise<readonly Event[]> | undefined;

  const ofTypes =
    <Node extends { readonly id?: bigint | undefined }>(
      kind: EventKind,
      read: (ids: bigint[], options: Call) => Promise<readonly Node[]>,
    ): OfTypes<Node> =>
    async (asked, types, properties) => {
      await current;
      const isOne = ({ id }: AskedNode) => types.includes(ahead.outlines[kind].get(id)?.type ?? '');
      const ids = asked.flatMap((node) => (isOne(node) ? [node.id] : []));
      if (ids.length === 0) return [];
      return byId(await inChunks(ids, CHUNK, (chunk) => read(chunk, { ...call, read: { properties } })));
    };

  return {
    events(asked) {
      current = readLevel(ahead, walks, call, asked, reach);
      return current;
    },
    async areNone(asked, types) {
      await current;
      return asked.every(({ type, id }) => type === 'Context' || !types.has(ahead.outlines[type].get(id)?.type ?? ''));
    },
    artifactsOfTypes: ofTypes(
      'Artifact',
      async (artifactIds, options) => (await store.getArtifactsById({ artifactIds }, options)).artifacts,
    ),
    executionsOfTypes: ofTypes(
      'Execution',
      async (executionIds, options) => (await store.getExecutionsById({ executionIds }, options)).executions,
    ),
    async artifacts(asked) {
      await current;
      return asked.flatMap(({ id }) => ahead.outlines.Artifact.get(id) ?? []);
    },
  };
}

function byKind<Value>(make: () => Value): ByKind<Value> {
  return { Artifact: make(), Execution: make() };
}

async function readLevel(
  ahead: Ahead,
  walks: WalkReads,
  call: Call,
  asked: readonly AskedNode[],
  { levels, looks }: Reach,
): Promise<readonly Event[]> {
  for (const { type, id } of ahead.asked) if (type !== 'Context') ahead.outlines[type].delete(id);
  ahead.asked = asked;
  const missing = missingOf(ahead, asked);
  if (missing) await readEvents(ahead, walks, call, { ...missing, levels: Math.max(1, levels - ahead.level) });
  ahead.level += 1;
  if (await looks()) await look(ahead, walks, call, asked);
  return take(ahead, asked);
}

/** The nodes whose events are not there. */
function missingOf({ events }: Ahead, asked: readonly AskedNode[]): Record<EventWay, EventNodes> | undefined {
  const missing = { up: byKind((): bigint[] => []), down: byKind((): bigint[] => []) };
  let count = 0;
  for (const node of asked) {
    const { type, id } = node;
    if (type === 'Context') continue;
    for (const way of WAYS) {
      if (!node[way] || events[way][type].get(id)) continue;
      missing[way][type].push(id);
      count += 1;
    }
  }
  return count === 0 ? undefined : missing;
}

async function readEvents(
  { events, unseen }: Ahead,
  walks: WalkReads,
  call: Call,
  from: Record<EventWay, EventNodes> & { readonly levels: number },
): Promise<void> {
  const found = await walks.eventsAlong({ ...from, wants: (way, kind, id) => !events[way][kind].has(id) }, call);
  for (const way of WAYS) {
    for (const kind of KINDS) {
      for (const [id, own] of found[way][kind]) {
        events[way][kind].set(id, own);
        unseen[kind].add(id);
      }
    }
  }
}

/** Looks at the nodes of a level, and at all that were read ahead of it. */
async function look({ outlines, unseen }: Ahead, walks: WalkReads, call: Call, asked: readonly AskedNode[]) {
  const isSeen = ({ type, id }: AskedNode) => type === 'Context' || outlines[type].has(id);
  if (asked.every(isSeen)) return;
  for (const { type, id } of asked) if (type !== 'Context') unseen[type].add(id);
  const nodes = { Artifact: [...unseen.Artifact], Execution: [...unseen.Execution] };
  const found = await walks.outlines(nodes, call);
  for (const kind of KINDS) {
    for (const id of nodes[kind]) outlines[kind].set(id, undefined);
    for (const outline of found[kind]) outlines[kind].set(outline.id, outline);
    unseen[kind].clear();
  }
}

function take({ events }: Ahead, asked: readonly AskedNode[]): readonly Event[] {
  const taken: Event[] = [];
  for (const node of asked) {
    const { type, id } = node;
    if (type === 'Context') continue;
    for (const way of WAYS) {
      if (!node[way]) continue;
      for (const event of events[way][type].get(id) ?? []) taken.push(event);
      events[way][type].set(id, null);
    }
  }
  return taken;
}
