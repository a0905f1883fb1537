import { randomUUID } from 'node:crypto';

import type { MetadataStoreRpcs, Rpc, RpcName, RpcRequest, RpcResponse } from '../mlmd/store.ts';
import { shownGraph } from './shown-graph.ts';
import { createSight, type Sight } from './sight.ts';

/** The RPCs that read nodes or links. */
export type ReadName = Exclude<RpcName, `put${string}` | TypeReadName>;

/** The RPCs that read types, which are no secret of any node. */
export type TypeReadName = `get${'Artifact' | 'Execution' | 'Context'}Type${'' | 's' | 'sById' | 'sByExternalIds'}`;

/** What the caller may see of an answer. */
type Show<Name extends RpcName> = (
  answer: RpcResponse<Name>,
  sight: Sight,
  request: RpcRequest<Name>,
) => RpcResponse<Name> | Promise<RpcResponse<Name>>;

/** Every read of nodes, with what is left of its answer for whom may not see all. */
const SHOWN: { readonly [Name in ReadName]: Show<Name> } = {
  getArtifacts: (answer, sight) => ({ ...answer, artifacts: sight.artifacts(answer.artifacts) }),
  getExecutions: (answer, sight) => ({ ...answer, executions: sight.executions(answer.executions) }),
  getContexts: (answer, sight) => ({ ...answer, contexts: sight.contexts(answer.contexts) }),
  getArtifactsByType: (answer, sight) => ({ ...answer, artifacts: sight.artifacts(answer.artifacts) }),
  getExecutionsByType: (answer, sight) => ({ ...answer, executions: sight.executions(answer.executions) }),
  getContextsByType: (answer, sight) => ({ ...answer, contexts: sight.contexts(answer.contexts) }),
  getArtifactsById: (answer, sight) => {
    const artifacts = sight.artifacts(answer.artifacts);
    return { ...answer, artifacts, artifactTypes: artifacts.length > 0 ? answer.artifactTypes : [] };
  },
  getExecutionsById: (answer, sight) => ({ ...answer, executions: sight.executions(answer.executions) }),
  getContextsById: (answer, sight) => ({ ...answer, contexts: sight.contexts(answer.contexts) }),
  getArtifactByTypeAndName: ({ artifact }, sight) => ({ artifact: sight.artifacts(artifact ? [artifact] : [])[0] }),
  getExecutionByTypeAndName: ({ execution }, sight) => ({
    execution: sight.executions(execution ? [execution] : [])[0],
  }),
  getContextByTypeAndName: ({ context }, sight) => ({ context: sight.contexts(context ? [context] : [])[0] }),
  getArtifactsByUri: (answer, sight) => ({ ...answer, artifacts: sight.artifacts(answer.artifacts) }),
  getArtifactsByExternalIds: (answer, sight) => ({ ...answer, artifacts: sight.artifacts(answer.artifacts) }),
  getExecutionsByExternalIds: (answer, sight) => ({ ...answer, executions: sight.executions(answer.executions) }),
  getContextsByExternalIds: (answer, sight) => ({ ...answer, contexts: sight.contexts(answer.contexts) }),
  getEventsByArtifactIDs: async (answer, sight) => ({ ...answer, events: await shownEvents(answer, sight) }),
  getEventsByExecutionIDs: async (answer, sight) => ({ ...answer, events: await shownEvents(answer, sight) }),
  getContextsByArtifact: async ({ contexts }, sight, { artifactId }) => ({
    contexts: (await sight.ids('Artifact', [artifactId])).has(artifactId) ? sight.contexts(contexts) : [],
  }),
  getContextsByExecution: async ({ contexts }, sight, { executionId }) => ({
    contexts: (await sight.ids('Execution', [executionId])).has(executionId) ? sight.contexts(contexts) : [],
  }),
  getParentContextsByContext: async ({ contexts }, sight, { contextId }) => ({
    contexts: (await sight.ids('Context', [contextId])).has(contextId) ? sight.contexts(contexts) : [],
  }),
  getChildrenContextsByContext: async ({ contexts }, sight, { contextId }) => ({
    contexts: (await sight.ids('Context', [contextId])).has(contextId) ? sight.contexts(contexts) : [],
  }),
  getParentContextsByContexts: async ({ contexts }, sight) => ({
    contexts: await shownGroups(contexts, sight, ({ parentContexts }) => ({
      parentContexts: sight.contexts(parentContexts),
    })),
  }),
  getChildrenContextsByContexts: async ({ contexts }, sight) => ({
    contexts: await shownGroups(contexts, sight, ({ childrenContexts }) => ({
      childrenContexts: sight.contexts(childrenContexts),
    })),
  }),
  getArtifactsByContext: async (answer, sight, { contextId }) =>
    (await sight.ids('Context', [contextId])).has(contextId)
      ? { ...answer, artifacts: sight.artifacts(answer.artifacts) }
      : { artifacts: [] },
  getExecutionsByContext: async (answer, sight, { contextId }) =>
    (await sight.ids('Context', [contextId])).has(contextId)
      ? { ...answer, executions: sight.executions(answer.executions) }
      : { executions: [] },
  getLineageGraph: async ({ subgraph }, sight) => ({ subgraph: subgraph && (await shownGraph(subgraph, sight)) }),
  getLineageSubgraph: async ({ lineageSubgraph }, sight) => ({
    lineageSubgraph: lineageSubgraph && (await shownGraph(lineageSubgraph, sight)),
  }),
};

/** Lists in pages, with the nodes of a page. */
const PAGED = {
  getArtifacts: ({ artifacts }) => artifacts,
  getExecutions: ({ executions }) => executions,
  getContexts: ({ contexts }) => contexts,
  getArtifactsByType: ({ artifacts }) => artifacts,
  getExecutionsByType: ({ executions }) => executions,
  getContextsByType: ({ contexts }) => contexts,
  getArtifactsByContext: ({ artifacts }) => artifacts,
  getExecutionsByContext: ({ executions }) => executions,
} as const satisfies { readonly [Name in ReadName]?: (answer: RpcResponse<Name>) => readonly unknown[] };

/** An id that no node has. */
const NO_ID = 2n ** 62n;

/**
 * Reads that are refused where there is nothing, with what to ask in place of what may not be seen: the store's own words
 * for what is missing are the answer to it.
 */
const MISSING: { readonly [Name in ReadName]?: (request: RpcRequest<Name>) => RpcRequest<Name> } = {
  getArtifactsByExternalIds: (request) => ({ ...request, externalIds: [randomUUID()] }),
  getExecutionsByExternalIds: (request) => ({ ...request, externalIds: [randomUUID()] }),
  getContextsByExternalIds: (request) => ({ ...request, externalIds: [randomUUID()] }),
  getContextsByArtifact: (request) => ({ ...request, artifactId: NO_ID }),
  getContextsByExecution: (request) => ({ ...request, executionId: NO_ID }),
};

/** All reads of nodes and links, each with what the caller may see of its answer. */
export function guardedReads(rpcs: MetadataStoreRpcs): Pick<MetadataStoreRpcs, ReadName> {
  const names = Object.keys(SHOWN) as ReadName[];
  return Object.fromEntries(names.map((name) => [name, guardedRead(rpcs, name)])) as Pick<MetadataStoreRpcs, ReadName>;
}

function guardedRead<Name extends ReadName>(rpcs: MetadataStoreRpcs, name: Name): Rpc<Name> {
  const rpc: Rpc<Name> = rpcs[name];
  const show: Show<Name> = SHOWN[name];
  const missing: ((request: RpcRequest<Name>) => RpcRequest<Name>) | undefined = MISSING[name];
  const rowsOf = PAGED[name as keyof typeof PAGED] as ((answer: RpcResponse<Name>) => readonly unknown[]) | undefined;
  return async (request, call = {}) => {
    const sight = createSight(rpcs, call);
    for (let asked = request; ; ) {
      const answer = await rpc(asked, call);
      const shown = await show(answer, sight, asked);
      if (missing && hasRows(answer) && !hasRows(shown)) return rpc(missing(asked), call);
      // A page of which nothing is left is no page: whoever asks for the next one goes on behind its last row.
      const next = rowsOf?.(shown).length === 0 && nextOf(asked, answer);
      if (!next) return shown;
      asked = next;
    }
  };
}

function hasRows(answer: object): boolean {
  return Object.values(answer).some((rows) => Array.isArray(rows) && rows.length > 0);
}

/** The request of the page behind an answer; undefined where it is the last. */
function nextOf<Request>(request: Request, answer: unknown): Request | undefined {
  const { nextPageToken } = answer as { readonly nextPageToken?: string | undefined };
  if (!nextPageToken) return undefined;
  const { options } = request as { readonly options?: object };
  return { ...request, options: { ...options, nextPageToken } };
}

async function shownEvents({ events }: RpcResponse<'getEventsByArtifactIDs'>, sight: Sight) {
  const artifacts = await sight.ids(
    'Artifact',
    events.map(({ artifactId }) => artifactId),
  );
  const executions = await sight.ids(
    'Execution',
    events.map(({ executionId }) => executionId),
  );
  return events.filter(({ artifactId, executionId }) => artifacts.has(artifactId) && executions.has(executionId));
}

async function shownGroups<Group>(
  groups: ReadonlyMap<bigint, Group>,
  sight: Sight,
  show: (group: Group) => Group,
): Promise<Map<bigint, Group>> {
  const keys = await sight.ids('Context', [...groups.keys()]);
  return new Map([...groups].flatMap(([key, group]) => (keys.has(key) ? [[key, show(group)] as const] : [])));
}
