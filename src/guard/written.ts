import type { RegistryNode } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import type { RpcName, RpcRequest } from '../mlmd/store.ts';

/** The RPCs that write nodes and links. */
export type NodeWriteName = Exclude<Extract<RpcName, `put${string}`>, `put${string}Type` | 'putTypes'>;

/** A node of a request. */
export interface WrittenNode {
  readonly node: RegistryNode;
  readonly row: Row;
  /** True where one that is there already is taken as it is: a context of this name, an artifact of this external id. */
  readonly reused?: boolean | undefined;
  /** True where the request links it to others. */
  readonly linked?: boolean;
  /** True where its time of change is set, whether anything else is or not. */
  readonly touched?: boolean | undefined;
}

/** One end of a link. */
export interface LinkEnd {
  readonly node: RegistryNode;
  readonly id: bigint;
}

/** A link between nodes that are there: from the one whose link it is. */
export interface WrittenLink {
  readonly of: LinkEnd;
  readonly to: LinkEnd;
}

/** What a request is going to write. */
export interface Written {
  readonly nodes: readonly WrittenNode[];
  readonly links: readonly WrittenLink[];
  /** Nodes that are linked to new ones. */
  readonly ends: readonly LinkEnd[];
  readonly mask?: readonly string[] | undefined;
}

const NOTHING: Written = { nodes: [], links: [], ends: [] };

/** What each RPC writes. */
export const WRITTEN: { readonly [Name in NodeWriteName]: (request: RpcRequest<Name>) => Written } = {
  putArtifacts: ({ artifacts, updateMask }) => ({ ...NOTHING, nodes: rows('Artifact', artifacts), mask: updateMask }),
  putExecutions: ({ executions, updateMask }) => ({
    ...NOTHING,
    nodes: rows('Execution', executions),
    mask: updateMask,
  }),
  putContexts: ({ contexts, updateMask }) => ({ ...NOTHING, nodes: rows('Context', contexts), mask: updateMask }),
  putEvents: ({ events }) => ({
    ...NOTHING,
    links: events.map(({ executionId, artifactId }) =>
      link(end('Execution', executionId), end('Artifact', artifactId)),
    ),
  }),
  putAttributionsAndAssociations: ({ attributions, associations }) => ({
    ...NOTHING,
    links: [
      ...attributions.map(({ artifactId, contextId }) => link(end('Artifact', artifactId), end('Context', contextId))),
      ...associations.map(({ executionId, contextId }) =>
        link(end('Execution', executionId), end('Context', contextId)),
      ),
    ],
  }),
  putParentContexts: ({ parentContexts }) => ({
    ...NOTHING,
    links: parentContexts.map(({ childId, parentId }) => link(end('Context', childId), end('Context', parentId))),
  }),
  putExecution: ({ execution, artifactEventPairs, contexts, options }) => {
    const { reuseArtifactIfAlreadyExistByExternalId: reused, forceUpdateTime: touched } = options ?? {};
    const linked = linkedContexts(contexts, options?.reuseContextIfAlreadyExist, options?.forceReuseContext);
    const isMember = contexts.length > 0;
    const named = artifactEventPairs.flatMap(({ artifact, event }) =>
      artifact || event?.artifactId === undefined ? [] : [end('Artifact', event.artifactId)],
    );
    return {
      nodes: [
        ...rows('Execution', execution ? [execution] : [], {
          touched,
          linked: isMember || artifactEventPairs.length > 0,
        }),
        ...rows(
          'Artifact',
          artifactEventPairs.flatMap(({ artifact }) => artifact ?? []),
          { reused, touched, linked: isMember },
        ),
        ...linked.nodes,
      ],
      // Artifacts that are there already become members of the contexts as well.
      links: isMember ? named.map((each) => link(each, each)) : [],
      ends: [...named, ...linked.ends],
    };
  },
  putLineageSubgraph: ({ executions, artifacts, contexts, eventEdges, options }) => {
    const isMember = contexts.length > 0;
    const hasEvent = new Set(eventEdges.map(({ executionIndex }) => executionIndex));
    return {
      nodes: [
        ...executions.flatMap((row, index) => rows('Execution', [row], { linked: isMember || hasEvent.has(index) })),
        ...rows('Artifact', artifacts, {
          reused: options?.reuseArtifactIfAlreadyExistByExternalId,
          linked: isMember,
        }),
        ...rows('Context', contexts, { reused: options?.reuseContextIfAlreadyExist }),
      ],
      links: eventEdges.flatMap(({ executionIndex, event }) =>
        executionIndex === undefined && event?.executionId !== undefined
          ? [link(end('Execution', event.executionId), end('Execution', event.executionId))]
          : [],
      ),
      ends: eventEdges.flatMap(({ artifactIndex, event }) =>
        artifactIndex === undefined && event?.artifactId !== undefined ? [end('Artifact', event.artifactId)] : [],
      ),
    };
  },
};

function rows(
  node: RegistryNode,
  all: readonly Row[],
  how: Omit<WrittenNode, 'node' | 'row'> = {},
): readonly WrittenNode[] {
  return all.map((row) => ({ node, row, ...how }));
}

/** Contexts that are named by their ids and reused by force are not written. */
function linkedContexts(contexts: readonly Row[], reused: boolean | undefined, forced: boolean | undefined) {
  const named = forced ? contexts.filter(({ id }) => id !== undefined) : [];
  return {
    nodes: rows(
      'Context',
      contexts.filter((each) => !named.includes(each)),
      { reused },
    ),
    ends: named.map(({ id }) => end('Context', id)),
  };
}

function end(node: RegistryNode, id: bigint | undefined): LinkEnd {
  return { node, id: id ?? 0n };
}

function link(of: LinkEnd, to: LinkEnd): WrittenLink {
  return { of, to };
}
