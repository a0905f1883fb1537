import {
  type Atomically,
  type Call,
  type EventNodes,
  type GroupPage,
  type GroupPages,
  type GroupReads,
  type MetadataStore,
  type MetadataStoreRpcs,
  RPC_NAMES,
  type RpcName,
  type WalkReads,
  wireName,
} from './store.ts';

/** A call of a store. */
export interface StoreCall {
  /** E.g. `GetArtifactsByID`. */
  readonly name: string;
  /** How many ids or rows it asks for; read only where somebody wants to know. */
  size(): number | string;
  readonly call: Call | undefined;
}

/** Makes the call, and does something before or after. */
export type Around = <Answer>(made: StoreCall, make: () => Promise<Answer>) => Promise<Answer>;

/**
 * A store whose calls are made by `around`. Those within a transaction are calls too, for whom the transaction is; the
 * transaction itself is none.
 */
export function aroundCalls(store: MetadataStore, around: Around): MetadataStore {
  const { atomically, groups, walks } = store;
  return {
    ...store,
    ...rpcsAround(store, around),
    ...(groups && { groups: groupsAround(groups, around) }),
    ...(walks && { walks: walksAround(walks, around) }),
    ...(atomically && { atomically: workAround(atomically, around) }),
  };
}

function rpcsAround(rpcs: MetadataStoreRpcs, around: Around, outer?: Call): MetadataStoreRpcs {
  const each = (name: RpcName) => {
    // One shape for all RPCs: the request and the answer are only passed through.
    const rpc = rpcs[name] as (request: object, call?: Call) => Promise<unknown>;
    const wire = wireName(name);
    return (request: object, call?: Call) =>
      around({ name: wire, size: () => sizeOf(request), call: call ?? outer }, () => rpc(request, call));
  };
  return Object.fromEntries(RPC_NAMES.map((name) => [name, each(name)])) as unknown as MetadataStoreRpcs;
}

function workAround(atomically: Atomically, around: Around): Atomically {
  return (work, call) => atomically((rpcs, kept) => work(rpcsAround(rpcs, around, call), kept), call);
}

/** As the RPCs are: `ArtifactsOfContexts(100)`, by the number of keys; `Count(Artifact)`. */
function groupsAround(groups: GroupReads, around: Around): GroupReads {
  const page = <Name extends keyof GroupPages>(name: Name): GroupPages[Name] => {
    // One shape for all pages: they and their rows are only passed through.
    const read = groups[name] as (page: GroupPage, call?: Call) => Promise<never>;
    const wire = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    return (page: GroupPage, call?: Call) =>
      around({ name: wire, size: () => page.keys.length, call }, () => read(page, call));
  };
  return {
    artifactsOfContexts: page('artifactsOfContexts'),
    executionsOfContexts: page('executionsOfContexts'),
    childrenOfContexts: page('childrenOfContexts'),
    contextsOfArtifacts: page('contextsOfArtifacts'),
    contextsByInt: page('contextsByInt'),
    executionsByInt: page('executionsByInt'),
    groupCounts: (of, group, call) =>
      around({ name: 'GroupCounts', size: () => group.keys.length, call }, () => groups.groupCounts(of, group, call)),
    count: (list, call) => around({ name: 'Count', size: () => list.node, call }, () => groups.count(list, call)),
  };
}

/** `EventsAlong(4)`, by the number of nodes to go from; `Outlines(40)`. */
function walksAround(walks: WalkReads, around: Around): WalkReads {
  const sizeOf = ({ Artifact, Execution }: EventNodes) => Artifact.length + Execution.length;
  return {
    eventsAlong: (walk, call) =>
      around({ name: 'EventsAlong', size: () => sizeOf(walk.up) + sizeOf(walk.down), call }, () =>
        walks.eventsAlong(walk, call),
      ),
    outlines: (nodes, call) =>
      around({ name: 'Outlines', size: () => sizeOf(nodes), call }, () => walks.outlines(nodes, call)),
    outlinesByUri: (uris, call) =>
      around({ name: 'OutlinesByUri', size: () => uris.length, call }, () => walks.outlinesByUri(uris, call)),
  };
}

/** How much a request asks for: its ids, the ids in its filter, or the rows of its page. */
function sizeOf(request: object): number | string {
  const list = Object.values(request).find((value) => Array.isArray(value));
  const inList = /\bIN \(([^)]*)\)/.exec(JSON.stringify(request, plainBigints))?.[1];
  if (inList !== undefined) return inList.split(',').length;
  if (Array.isArray(list)) return list.length;
  const { maxResultSize } = 'options' in request ? (request.options as { maxResultSize?: number }) : {};
  return maxResultSize ?? '';
}

function plainBigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
