import { inParallel } from '../domain/in-parallel.ts';
import type { Artifact, Context, Execution, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, GroupBounds, MetadataStore } from '../mlmd/store.ts';
import type { Foresee, GroupKey, GroupRows } from './group-page.ts';
import { CHUNK, inChunks } from './in-chunks.ts';
import { idList, listOptions, PAGE, type Place, typeIn } from './list-options.ts';
import { associationsIn, attributionsIn, attributionsOf, type Membership, START_NODES } from './memberships.ts';
import type { OwnerLinks } from './owner-links.ts';
import { type ScannedRow, type ScanSource, scanGroups } from './scan.ts';

/** A context of the registry by its type and id; null for one of another type, or without its link. */
export type Registered = (type: string, id: bigint) => Promise<Context | null>;

/** What the groups of contexts are proven by. */
export interface Known {
  readonly registered: Registered;
  readonly links: OwnerLinks;
  /** Tells who is in which context, whoever asks. */
  readonly structure: MetadataStore;
}

type Scan<Node> = (keys: readonly GroupKey[]) => Promise<readonly GroupRows<Node>[]>;

/** The groups of {@link GroupPages} by the RPCs that every MLMD server has. */
export function createGroupScans(store: MetadataStore, call: Call, foresee: Foresee, known: Known) {
  const scan =
    <Node extends { readonly id?: bigint | undefined }, Row extends ScannedRow>(
      source: ScanSource<Node, Row>,
    ): Scan<Node> =>
    (keys) =>
      scanGroups(source, keys, foresee);
  return {
    artifacts: scan(artifactsSource(store, known.structure, call)),
    executions: scan(executionsSource(store, known.structure, call)),
    children: scan(childrenSource(store, call, known.links)),
    contextsOfArtifacts: (keys: readonly GroupKey[]) => contextsOfArtifacts(store, call, known.registered, keys),
    contextsByInt: scan(contextsByIntSource(store, call)),
    executionsByInt: scan(executionsByIntSource(store, call)),
  };
}

/** Who is in which context comes first, 100 members at a time; then those of the pages are read by their ids. */
function artifactsSource(store: MetadataStore, structure: MetadataStore, call: Call): ScanSource<Artifact, ScannedRow> {
  return {
    async ofOne(contextId, group, count, place) {
      const options = listOptions(typeIn(group.types), count, place);
      const page = await store.getArtifactsByContext({ contextId, options }, call);
      return { nodes: page.artifacts, more: Boolean(page.nextPageToken) };
    },
    ofMany: (keys, group, place) =>
      membersPage(keys, group, place, (filter) => attributionsIn(structure, filter, call)),
    nodes: (rows) =>
      inChunks(
        rows.map(idOf),
        CHUNK,
        async (ids) => (await store.getArtifactsById({ artifactIds: ids }, call)).artifacts,
      ),
  };
}

function executionsSource(
  store: MetadataStore,
  structure: MetadataStore,
  call: Call,
): ScanSource<Execution, ScannedRow> {
  return {
    async ofOne(contextId, group, count, place) {
      const options = listOptions(typeIn(group.types), count, place);
      const page = await store.getExecutionsByContext({ contextId, options }, call);
      return { nodes: page.executions, more: Boolean(page.nextPageToken) };
    },
    ofMany: (keys, group, place) =>
      membersPage(keys, group, place, (filter) => associationsIn(structure, filter, call)),
    nodes: (rows) =>
      inChunks(
        rows.map(idOf),
        CHUNK,
        async (ids) => (await store.getExecutionsById({ executionIds: ids }, call)).executions,
      ),
  };
}

function idOf({ id = 0n }: { readonly id?: bigint | undefined }): bigint {
  return id;
}

async function membersPage(
  keys: readonly bigint[],
  group: GroupBounds,
  place: Place,
  read: (filterQuery: string) => Promise<readonly Membership[]>,
) {
  const conditions = [`contexts_c.id IN (${idList(keys)})`, ...typeIn(group.types), `id > ${place.behind}`];
  const byMember = Map.groupBy(await read(conditions.join(' AND ')), ({ nodeId }) => nodeId);
  const rows = [...byMember].map(([id, memberships]) => ({ id, of: memberships.map(({ contextId }) => contextId) }));
  return { rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)), more: rows.length >= START_NODES };
}

interface NodeRow<Node> extends ScannedRow {
  readonly node: Node;
}

interface Listing<Node> {
  readonly nodes: readonly Node[];
  readonly nextPageToken: string | undefined;
}

/** Groups that one list with `conditions` shows whole; `keysOf` tells to which of the keys a row belongs. */
function listSource<Node extends { readonly id?: bigint | undefined }>(
  list: (options: ReturnType<typeof listOptions>) => Promise<Listing<Node>>,
  conditions: (keys: readonly bigint[], group: GroupBounds) => readonly string[],
  keysOf: (node: Node, keys: ReadonlySet<bigint>, group: GroupBounds) => readonly bigint[] | Promise<readonly bigint[]>,
): ScanSource<Node, NodeRow<Node>> {
  return {
    async ofOne(key, group, count, place) {
      const page = await list(listOptions([...conditions([key], group), ...typeIn(group.types)], count, place));
      return { nodes: page.nodes, more: Boolean(page.nextPageToken) };
    },
    async ofMany(keys, group, place) {
      const page = await list(listOptions([...conditions(keys, group), ...typeIn(group.types)], PAGE, place));
      const wanted = new Set(keys);
      const rows = await inParallel(page.nodes, async (node) => ({
        node,
        id: idOf(node),
        of: await keysOf(node, wanted, group),
      }));
      return { rows, more: Boolean(page.nextPageToken) };
    },
    nodes: async (rows) => rows.map(({ node }) => node),
  };
}

function childrenSource(store: MetadataStore, call: Call, links: OwnerLinks) {
  return listSource<Context>(
    (options) => contextsOf(store, options, call),
    (keys, { parentTypes }) => [
      `parent_contexts_p.id IN (${idList(keys)})`,
      ...typeIn(parentTypes, 'parent_contexts_p.type'),
    ],
    (context, keys) => links.ownersAmong(keys, context),
  );
}

/** All contexts of each artifact are known by their ids; those of the types that are asked for are read by them. */
async function contextsOfArtifacts(
  store: MetadataStore,
  call: Call,
  registered: Registered,
  keys: readonly GroupKey[],
): Promise<readonly GroupRows<Context>[]> {
  const memberships = await attributionsOf(store, call)([...new Set(keys.map(({ key }) => key))]);
  const byArtifact = Map.groupBy(memberships, ({ nodeId }) => nodeId);
  return Promise.all(
    keys.map(async ({ key, types = [], afterId, count }) => {
      const ids = [...new Set((byArtifact.get(key) ?? []).map(({ contextId }) => contextId))];
      const read = await Promise.all(ids.flatMap((id) => types.map((type) => registered(type, id))));
      const all = read.filter((context) => context !== null).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
      const rest = all.filter((context) => idOf(context) > afterId);
      return { nodes: rest.slice(0, count), more: rest.length > count, total: all.length };
    }),
  );
}

const withInt = (keys: readonly bigint[], { property = '' }: GroupBounds) =>
  `properties.${property}.int_value IN (${idList(keys)})`;

function intOf({ properties }: { readonly properties: ReadonlyMap<string, Value> }, { property = '' }: GroupBounds) {
  const value = properties.get(property)?.intValue;
  return value === undefined ? [] : [value];
}

function contextsByIntSource(store: MetadataStore, call: Call) {
  return listSource<Context>(
    (options) => contextsOf(store, options, call),
    (keys, group) => [withInt(keys, group), ...typeIn(group.parentTypes, 'parent_contexts_p.type')],
    (context, _keys, group) => intOf(context, group),
  );
}

function executionsByIntSource(store: MetadataStore, call: Call) {
  return listSource<Execution>(
    async (options) => {
      const { executions, nextPageToken } = await store.getExecutions({ options }, call);
      return { nodes: executions, nextPageToken };
    },
    (keys, group) => [withInt(keys, group)],
    (execution, _keys, group) => intOf(execution, group),
  );
}

async function contextsOf(store: MetadataStore, options: ReturnType<typeof listOptions>, call: Call) {
  const { contexts, nextPageToken } = await store.getContexts({ options }, call);
  return { nodes: contexts, nextPageToken };
}
