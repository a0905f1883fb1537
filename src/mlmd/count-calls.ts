import {
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

/** A store, and the calls that it has had. */
export interface CountedStore {
  readonly store: MetadataStore;
  /** Each call as `GetArtifactsByID(3)`: the RPC, and how many ids or rows it asked for. */
  readonly calls: string[];
}

/** A store that hands each call on and notes it: what a query costs is part of what is tested and measured. */
export function countCalls(store: MetadataStore): CountedStore {
  const calls: string[] = [];
  const { atomically, groups, walks } = store;
  return {
    calls,
    store: {
      ...store,
      ...counted(store, calls),
      ...(groups && { groups: countedGroups(groups, calls) }),
      ...(walks && { walks: countedWalks(walks, calls) }),
      ...(atomically && {
        atomically: (work, call) => atomically((rpcs, kept) => work(counted(rpcs, calls), kept), call),
      }),
    },
  };
}

function counted(rpcs: MetadataStoreRpcs, calls: string[]): MetadataStoreRpcs {
  const each = (name: RpcName) => {
    // One shape for all RPCs: the request and the answer are only passed through.
    const rpc = rpcs[name] as (request: object, call?: Call) => Promise<unknown>;
    return (request: object, call?: Call) => {
      calls.push(`${wireName(name)}(${sizeOf(request)})`);
      return rpc(request, call);
    };
  };
  return Object.fromEntries(RPC_NAMES.map((name) => [name, each(name)])) as unknown as MetadataStoreRpcs;
}

/** As the RPCs are: `ArtifactsOfContexts(100)`, by the number of keys; `Count(Artifact)`. */
function countedGroups(groups: GroupReads, calls: string[]): GroupReads {
  const note = (name: string, size: number | string) =>
    void calls.push(`${name[0]?.toUpperCase()}${name.slice(1)}(${size})`);
  const noting = <Name extends keyof GroupPages>(name: Name): GroupPages[Name] => {
    // One shape for all pages: they and their rows are only passed through.
    const read = groups[name] as (page: GroupPage, call?: Call) => Promise<never>;
    return (page: GroupPage, call?: Call) => {
      note(name, page.keys.length);
      return read(page, call);
    };
  };
  return {
    artifactsOfContexts: noting('artifactsOfContexts'),
    executionsOfContexts: noting('executionsOfContexts'),
    childrenOfContexts: noting('childrenOfContexts'),
    contextsOfArtifacts: noting('contextsOfArtifacts'),
    contextsByInt: noting('contextsByInt'),
    executionsByInt: noting('executionsByInt'),
    groupCounts(of, group, call) {
      note('groupCounts', group.keys.length);
      return groups.groupCounts(of, group, call);
    },
    count(list, call) {
      note('count', list.node);
      return groups.count(list, call);
    },
  };
}

/** `EventsAlong(4)`, by the number of nodes to go from; `Outlines(40)`. */
function countedWalks(walks: WalkReads, calls: string[]): WalkReads {
  const sizeOf = ({ Artifact, Execution }: EventNodes) => Artifact.length + Execution.length;
  return {
    eventsAlong(walk, call) {
      calls.push(`EventsAlong(${sizeOf(walk.up) + sizeOf(walk.down)})`);
      return walks.eventsAlong(walk, call);
    },
    outlines(nodes, call) {
      calls.push(`Outlines(${sizeOf(nodes)})`);
      return walks.outlines(nodes, call);
    },
    outlinesByUri(uris, call) {
      calls.push(`OutlinesByUri(${uris.length})`);
      return walks.outlinesByUri(uris, call);
    },
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
