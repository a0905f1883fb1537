import { RegistryError } from '../errors.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import { inChunks } from './in-chunks.ts';

/** GetLineageSubgraph starts from at most 100 nodes, and does not say what it leaves out. */
export const START_NODES = 100;

/** Which contexts a node belongs to. */
export interface Membership {
  readonly nodeId: bigint;
  readonly contextId: bigint;
}

/** Reads the memberships of nodes, by one call for 100 of them. */
type ReadMemberships = (ids: readonly bigint[]) => Promise<readonly Membership[]>;

/** The attributions of artifacts. MLMD's batch read for them is a lineage subgraph without hops. */
export function attributionsOf(store: MetadataStore, call: Call): ReadMemberships {
  return (all) => inChunks(all, START_NODES, (ids) => attributionsIn(store, `id IN (${ids.join(', ')})`, call));
}

/** The associations of executions, read in the same way. */
function associationsOf(store: MetadataStore, call: Call): ReadMemberships {
  return (all) => inChunks(all, START_NODES, (ids) => associationsIn(store, `id IN (${ids.join(', ')})`, call));
}

/** All attributions of the artifacts that a filter lets through, of the first 100 of them by id. */
export async function attributionsIn(store: MetadataStore, filterQuery: string, call: Call): Promise<Membership[]> {
  const { attributions } = await subgraph(store, { startingArtifacts: { filterQuery } }, 'attributions', call);
  return attributions.map(({ artifactId = 0n, contextId = 0n }) => ({ nodeId: artifactId, contextId }));
}

/** All associations of the executions that a filter lets through, of the first 100 of them by id. */
export async function associationsIn(store: MetadataStore, filterQuery: string, call: Call): Promise<Membership[]> {
  const { associations } = await subgraph(store, { startingExecutions: { filterQuery } }, 'associations', call);
  return associations.map(({ executionId = 0n, contextId = 0n }) => ({ nodeId: executionId, contextId }));
}

/** Loaders of the ids of the contexts of a node, ascending: one call for 100 nodes of a tick. */
export function createMembershipLoaders(store: MetadataStore, call: Call) {
  return {
    contextsOfArtifact: createContextIdsLoader(call, attributionsOf(store, call)),
    contextsOfExecution: createContextIdsLoader(call, associationsOf(store, call)),
  };
}

function createContextIdsLoader(call: Call, read: ReadMemberships) {
  return createLoader<bigint, readonly bigint[]>(call, 'memberships', async (ids) => {
    const byNode = Map.groupBy(await read(ids), ({ nodeId }) => nodeId);
    return ids.map((id) => ascending((byNode.get(id) ?? []).map(({ contextId }) => contextId)));
  });
}

function ascending(ids: readonly bigint[]): readonly bigint[] {
  return [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1));
}

type StartingNodes =
  | { readonly startingArtifacts: { readonly filterQuery: string } }
  | { readonly startingExecutions: { readonly filterQuery: string } };

async function subgraph(
  store: MetadataStore,
  starting: StartingNodes,
  part: 'attributions' | 'associations',
  call: Call,
): Promise<{
  readonly attributions: readonly { artifactId?: bigint | undefined; contextId?: bigint | undefined }[];
  readonly associations: readonly { executionId?: bigint | undefined; contextId?: bigint | undefined }[];
}> {
  try {
    const response = await store.getLineageSubgraph(
      { lineageSubgraphQueryOptions: { ...starting, maxNumHops: 0n }, readMask: [part] },
      call,
    );
    return response.lineageSubgraph ?? { attributions: [], associations: [] };
  } catch (error) {
    // How this RPC says that none of the nodes exists (any more).
    if (error instanceof RegistryError && error.code === 'NOT_FOUND') return { attributions: [], associations: [] };
    throw error;
  }
}
