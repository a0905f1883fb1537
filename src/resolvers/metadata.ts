import type { Context as RequestContext } from '../context.ts';
import { enumName } from '../domain/enum-name.ts';
import { type NodeType, parseDatabaseId, toGlobalId } from '../domain/ids.ts';
import {
  cursorOfId,
  idInCursor,
  idPlacing,
  type NodeListArguments,
  toNodeListRequest,
  toNodePage,
} from '../domain/node-list.ts';
import { type Page, type PageArguments, pageOf, toPageSize } from '../domain/page.ts';
import type { ListedNode } from '../domain/page-token.ts';
import { toNamedValues, toPropertyMap } from '../domain/property.ts';
import { toTime } from '../domain/time.ts';
import { typeOfNode } from '../domain/type-reference.ts';
import { whenReady } from '../domain/when-ready.ts';
import type { ArtifactResolvers, ContextResolvers, ExecutionResolvers, QueryResolvers } from '../generated/graphql.ts';
import {
  Artifact_State,
  Execution_State,
  type ListOperationOptions,
  type Value,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

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

/** What the fields of all three kinds of nodes are made of. */
interface NodeFields {
  readonly id?: bigint | undefined;
  readonly createTimeSinceEpoch?: bigint | undefined;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
  readonly properties: ReadonlyMap<string, Value>;
  readonly customProperties: ReadonlyMap<string, Value>;
}

type Names = { readonly names?: readonly string[] | null };

/** The fields that artifacts, executions and contexts have alike. */
function nodeFields<Node extends NodeFields>(
  type: NodeType,
  withProperties: (context: RequestContext, node: Node, names: Names['names']) => Node | Promise<Node>,
) {
  const values =
    (which: 'properties' | 'customProperties') =>
    (node: Node, { names }: Names, context: RequestContext) => {
      context.budget.show();
      return whenReady(withProperties(context, node, names), (loaded) => toNamedValues(loaded[which], names));
    };
  const map = (which: 'properties' | 'customProperties') => (node: Node, args: Names, context: RequestContext) =>
    whenReady(values(which)(node, args, context), toPropertyMap);
  return {
    id: (node: Node) => toGlobalId(type, node.id),
    databaseId: (node: Node) => String(node.id),
    createTime: (node: Node) => toTime(node.createTimeSinceEpoch),
    lastUpdateTime: (node: Node) => toTime(node.lastUpdateTimeSinceEpoch),
    properties: values('properties'),
    customProperties: values('customProperties'),
    propertyMap: map('properties'),
    customPropertyMap: map('customProperties'),
  };
}

export const Artifact = {
  ...nodeFields('Artifact', ({ loaders }, node, names) => loaders.artifact.withProperties(node, names)),
  type: typeOfNode,
  state: ({ state }) => (state === undefined ? null : enumName(Artifact_State, state)),
  contexts: async (node, page, { loaders, budget }) =>
    contextsById(await loaders.contextsOfArtifact.load(node.id ?? 0n), page, budget, loaders),
} satisfies ArtifactResolvers;

export const Execution = {
  ...nodeFields('Execution', ({ loaders }, node, names) => loaders.execution.withProperties(node, names)),
  type: typeOfNode,
  state: ({ lastKnownState }) => (lastKnownState === undefined ? null : enumName(Execution_State, lastKnownState)),
  contexts: async (node, page, { loaders, budget }) =>
    contextsById(await loaders.contextsOfExecution.load(node.id ?? 0n), page, budget, loaders),
} satisfies ExecutionResolvers;

export const Context = {
  ...nodeFields('Context', ({ loaders }, node, names) => loaders.context.withProperties(node, names)),
  type: typeOfNode,
  artifacts: (node, page, { loaders, budget }) => members(node, page, budget, loaders.artifactsOfContext),
  executions: (node, page, { loaders, budget }) => members(node, page, budget, loaders.executionsOfContext),
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
  { id: contextId = 0n }: { readonly id?: bigint | undefined },
  page: PageArguments,
  budget: RequestContext['budget'],
  loader: {
    load(key: {
      contextId: bigint;
      count: number;
      afterId: bigint;
    }): Promise<{ nodes: readonly Node[]; more: boolean }>;
  },
): Promise<Page<Node>> {
  const count = toPageSize(page);
  const afterId = idInCursor(page.after);
  const { nodes, more } = await loader.load({ contextId, count, afterId: afterId ?? 0n });
  budget.spend(nodes.length);
  return {
    rows: nodes,
    hasNextPage: more,
    hasPreviousPage: afterId !== undefined,
    cursorAt: (index) => cursorOfId(nodes[index] ?? {}),
  };
}
