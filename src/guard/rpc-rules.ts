import type { Access } from '../auth/access.ts';
import type { Permission, Resource } from '../auth/permission.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';
import { type MetadataStoreRpcs, RPC_NAMES, type Rpc, type RpcName, type RpcRequest } from '../mlmd/store.ts';
import { refuseHiddenNeighbours } from './filter-neighbours.ts';
import { RESOURCES_OF, resourceOf } from './node-resource.ts';

/** What an RPC needs before anything is read: a right, or nothing but what its nodes need. */
type RpcRule<Name extends RpcName> = Permission | 'each node' | ((request: RpcRequest<Name>) => Permission);

const list = (resource: Resource): Permission => ({ verb: 'list', resource });
const LINEAGE: Permission = { verb: 'get', resource: 'lineage' };
const GET_TYPE: Permission = { verb: 'get', resource: 'types' };
const ofType =
  (node: RegistryNode) =>
  ({ typeName }: { readonly typeName?: string | undefined }): Permission =>
    list(resourceOf(node, typeName));

/**
 * The rule of every RPC. `each node` asks by ids and names, or writes: a node that the caller may not see is as missing,
 * and a write is decided by what it is about to change.
 */
export const RPC_RULES: { readonly [Name in RpcName]: RpcRule<Name> } = {
  putArtifactType: 'each node',
  putExecutionType: 'each node',
  putContextType: 'each node',
  putTypes: 'each node',
  putArtifacts: 'each node',
  putExecutions: 'each node',
  putEvents: 'each node',
  putExecution: 'each node',
  putLineageSubgraph: 'each node',
  putContexts: 'each node',
  putAttributionsAndAssociations: 'each node',
  putParentContexts: 'each node',
  getArtifactType: GET_TYPE,
  getArtifactTypesById: GET_TYPE,
  getArtifactTypes: list('types'),
  getExecutionType: GET_TYPE,
  getExecutionTypesById: GET_TYPE,
  getExecutionTypes: list('types'),
  getContextType: GET_TYPE,
  getContextTypesById: GET_TYPE,
  getContextTypes: list('types'),
  getArtifactTypesByExternalIds: GET_TYPE,
  getExecutionTypesByExternalIds: GET_TYPE,
  getContextTypesByExternalIds: GET_TYPE,
  getArtifacts: list('artifacts'),
  getExecutions: list('executions'),
  getContexts: list('contexts'),
  getArtifactsById: 'each node',
  getExecutionsById: 'each node',
  getContextsById: 'each node',
  getArtifactsByType: ofType('Artifact'),
  getExecutionsByType: ofType('Execution'),
  getContextsByType: ofType('Context'),
  getArtifactByTypeAndName: 'each node',
  getExecutionByTypeAndName: 'each node',
  getContextByTypeAndName: 'each node',
  getArtifactsByUri: 'each node',
  getArtifactsByExternalIds: 'each node',
  getExecutionsByExternalIds: 'each node',
  getContextsByExternalIds: 'each node',
  getEventsByExecutionIDs: LINEAGE,
  getEventsByArtifactIDs: LINEAGE,
  getContextsByArtifact: list('contexts'),
  getContextsByExecution: list('contexts'),
  getParentContextsByContext: list('contexts'),
  getChildrenContextsByContext: list('contexts'),
  getParentContextsByContexts: list('contexts'),
  getChildrenContextsByContexts: list('contexts'),
  getArtifactsByContext: list('artifacts'),
  getExecutionsByContext: list('executions'),
  getLineageGraph: LINEAGE,
  getLineageSubgraph: LINEAGE,
};

/** The RPCs as they are served to a caller from outside: each decided by its rule before it is carried out. */
export function ruledRpcs(rpcs: MetadataStoreRpcs, access: Access): MetadataStoreRpcs {
  const entries = RPC_NAMES.map((name) => [name, ruled(name, rpcs, access)]);
  return Object.fromEntries(entries) as unknown as MetadataStoreRpcs;
}

function ruled<Name extends RpcName>(name: Name, rpcs: MetadataStoreRpcs, access: Access): Rpc<Name> {
  const rpc: Rpc<Name> = rpcs[name];
  const rule = RPC_RULES[name] as RpcRule<Name>;
  return async (request, call) => {
    const permission = typeof rule === 'function' ? rule(request) : rule;
    if (permission !== 'each node') await access.demand(permission);
    if (WALKS.has(name)) for (const resource of STEPS) await access.demand({ verb: 'get', resource });
    for (const filter of filtersIn(request)) refuseHiddenNeighbours(access, filter);
    const answer = await rpc(request, { ...call, access });
    return BRINGS_TYPES.has(name) && !(await access.can(GET_TYPE)) ? withoutTypes(answer) : answer;
  };
}

/** Walks of the store itself, which goes over nodes whoever asks: what it finds behind them is nothing to show. */
const WALKS: ReadonlySet<RpcName> = new Set(['getLineageGraph', 'getLineageSubgraph']);

/** What such a walk goes over. */
const STEPS: readonly Resource[] = [...RESOURCES_OF.Artifact, ...RESOURCES_OF.Execution];

/** Reads of nodes that give types beside them. */
const BRINGS_TYPES: ReadonlySet<RpcName> = new Set(['getArtifactsById', 'getLineageGraph', 'getLineageSubgraph']);

/** The answer, or the graph in it, with no types; of the types of nodes their names are left. */
function withoutTypes<Answer>(answer: Answer): Answer {
  const emptied = Object.entries(Object(answer)).map(([name, value]) => {
    if (name.endsWith('Types')) return [name, []];
    return name.toLowerCase().endsWith('subgraph') ? [name, value && withoutTypes(value)] : [name, value];
  });
  return Object.fromEntries(emptied) as Answer;
}

/** The filters of a request: of a list, or of where a lineage begins, ends and stops. Other texts of options count as well. */
function filtersIn(request: object): readonly string[] {
  const { options, lineageSubgraphQueryOptions } = request as Readonly<Record<string, unknown>>;
  return [...textsIn(options), ...textsIn(lineageSubgraphQueryOptions)];
}

function textsIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (name === 'nextPageToken' ? [] : textsIn(value)));
}
