import type { Context as RequestContext } from '../context.ts';
import { enumName } from '../domain/enum-name.ts';
import { type GroupRequest, toGroupPage, toGroupRequest } from '../domain/group-page.ts';
import { parseDatabaseId } from '../domain/ids.ts';
import { idPlacing, type NodeListArguments, toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import { type Page, type PageArguments, pageOf } from '../domain/page.ts';
import type { ListedNode } from '../domain/page-token.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import { typeOfNode } from '../domain/type-reference.ts';
import type { ArtifactResolvers, ContextResolvers, ExecutionResolvers, QueryResolvers } from '../generated/graphql.ts';
import {
  Artifact_State,
  Execution_State,
  type ListOperationOptions,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import {
  type NodeFields,
  nodeFields,
  ofArtifact,
  ofContext,
  ofExecution,
  propertyList,
  propertyMap,
  type WithProperties,
} from './rows/node-fields.ts';

export const Query = {
  artifact: (_root, { databaseId }, { loaders }) => loaders.artifact.load(parseDatabaseId(databaseId, 'databaseId')),
  execution: (_root, { databaseId }, { loaders }) => loaders.execution.load(parseDatabaseId(databaseId, 'databaseId')),
  context: (_root, { databaseId }, { loaders }) => loaders.context.load(parseDatabaseId(databaseId, 'databaseId')),
  artifacts: (_root, list, { store, budget, call, loaders }) =>
    listNodes(list, budget, loaders.artifact, async (options) => {
      const page = await store.getArtifacts({ options }, bare(call));
      return { ...page, nodes: page.artifacts };
    }),
  executions: (_root, list, { store, budget, call, loaders }) =>
    listNodes(list, budget, loaders.execution, async (options) => {
      const page = await store.getExecutions({ options }, bare(call));
      return { ...page, nodes: page.executions };
    }),
  contexts: (_root, list, { store, budget, call, loaders }) =>
    listNodes(list, budget, loaders.context, async (options) => {
      const page = await store.getContexts({ options }, bare(call));
      return { ...page, nodes: page.contexts };
    }),
} satisfies QueryResolvers;

/** Properties are read by the fields that show them. */
function bare(call: RequestContext['call']) {
  return { ...call, read: { properties: [] } };
}

async function listNodes<Node extends ListedNode>(
  list: NodeListArguments,
  budget: RequestContext['budget'],
  loader: { prime(node: Node): void },
  read: (options: ListOperationOptions) => Promise<{ nodes: readonly Node[]; nextPageToken?: string | undefined }>,
): Promise<Page<Node>> {
  const request = toNodeListRequest(list);
  const { nodes, nextPageToken } = await read(request.options);
  budget.spend(nodes.length);
  for (const node of nodes) loader.prime(node);
  return toNodePage(request, nodes, nextPageToken);
}

/** What MLMD's nodes have besides the fields that the registry's rows have too. */
function metadataFields<Node extends NodeFields>(type: RegistryNode, withProperties: WithProperties<Node>) {
  return {
    ...nodeFields(type, withProperties),
    type: typeOfNode,
    properties: propertyList('properties', withProperties),
    propertyMap: propertyMap('properties', withProperties),
  };
}

export const Artifact = {
  ...metadataFields('Artifact', ofArtifact),
  state: ({ state }) => (state === undefined ? null : enumName(Artifact_State, state)),
  contexts: async (node, page, { loaders, budget }) =>
    contextsById(await loaders.contextsOfArtifact.load(node.id ?? 0n), page, budget, loaders),
} satisfies ArtifactResolvers;

export const Execution = {
  ...metadataFields('Execution', ofExecution),
  state: ({ lastKnownState }) => (lastKnownState === undefined ? null : enumName(Execution_State, lastKnownState)),
  contexts: async (node, page, { loaders, budget }) =>
    contextsById(await loaders.contextsOfExecution.load(node.id ?? 0n), page, budget, loaders),
} satisfies ExecutionResolvers;

export const Context = {
  ...metadataFields('Context', ofContext),
  artifacts: (node, page, { loaders, budget }) => members(node, page, budget, loaders.groups.artifactsOfContexts),
  executions: (node, page, { loaders, budget }) => members(node, page, budget, loaders.groups.executionsOfContexts),
  parents: async (node, page, { loaders, budget }) =>
    budget.counted(pageOf(await loaders.parentsOfContext.load(node.id ?? 0n), page, idPlacing())),
  children: async (node, page, { loaders, budget }) =>
    budget.counted(pageOf(await loaders.childrenOfContext.load(node.id ?? 0n), page, idPlacing())),
} satisfies ContextResolvers;

/** Ids are known for the whole list, the contexts themselves are loaded for the page. */
async function contextsById(
  ids: readonly bigint[],
  arguments_: PageArguments,
  budget: RequestContext['budget'],
  loaders: RequestContext['loaders'],
) {
  const listed = ids.map((id) => ({ id }));
  const page = budget.counted(pageOf(listed, arguments_, idPlacing()));
  return { ...page, rows: await Promise.all(page.rows.map(({ id }) => loaders.context.load(id))) };
}

async function members<Node extends ListedNode>(
  { id = 0n }: ListedNode,
  page: PageArguments,
  budget: RequestContext['budget'],
  loader: { load(key: GroupRequest): Promise<{ nodes: readonly Node[]; more: boolean }> },
): Promise<Page<Node>> {
  const request = toGroupRequest(id, page);
  const { nodes, more } = await loader.load(request);
  budget.spend(nodes.length);
  return toGroupPage(page, nodes, more);
}
