import { RegistryError } from '../../errors.ts';
import type { LineageGraph, LineageGraphQueryOptions } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import { readPaths, type StoredEvent } from './events.ts';
import { lineageTypes } from './lineage.ts';
import { eventsOf, idsThatMatch } from './lineage-walk.ts';
import { listNodes } from './list.ts';
import { ARTIFACT, EXECUTION } from './node-kinds.ts';
import { nodesById } from './nodes.ts';
import type { EngineRpc } from './rpc.ts';
import type { Transaction } from './transaction.ts';
import { ARTIFACT_TYPE, CONTEXT_TYPE, EXECUTION_TYPE } from './type-kinds.ts';

/** MLMD's own bound: farther nodes are left out. */
const MAX_HOPS = 20n;

/** `max_node_size` where the request has none. */
const DEFAULT_NODES = 20n;

/**
 * The lineage around a page of artifacts, both ways, with whole nodes. The C++ engine answers UNIMPLEMENTED
 * nowadays; this is what it did before (metadata_store.cc before commit ac430e3, and QueryLineageGraph, which is still
 * in rdbms_metadata_access_object.cc): at most 20 hops; `max_node_size` nodes, or all where it is not above 0; nodes that
 * do not match the boundary filters are left out, and not passed. Where nodes have to be left out for their number it
 * keeps the ones of the smallest ids, the C++ engine any. INVALID_ARGUMENT without a page of artifacts or with hops
 * below 0, NOT_FOUND where the page is empty.
 */
export const getLineageGraph: EngineRpc<'getLineageGraph'> = async (transaction, { options = {} }, call) => {
  const { artifactsOptions, stopConditions = {}, maxNodeSize = DEFAULT_NODES } = options;
  if (!artifactsOptions)
    throw new RegistryError('INVALID_ARGUMENT', 'The request has no artifacts_options to start from.');
  const { maxNumHops = MAX_HOPS } = stopConditions;
  if (maxNumHops < 0n)
    throw new RegistryError('INVALID_ARGUMENT', `max_num_hops is ${maxNumHops}; it cannot be below 0.`);
  const page = await listNodes(transaction, ARTIFACT, artifactsOptions, [], call);
  if (page.nodes.length === 0) throw new RegistryError('NOT_FOUND', 'No artifact matches the artifacts_options.');
  const limit = maxNodeSize > 0n ? Number(maxNodeSize) : Number.POSITIVE_INFINITY;
  const starting = page.nodes.slice(0, limit);
  const maxHops = maxNumHops > MAX_HOPS ? MAX_HOPS : maxNumHops;
  const ids = starting.map(({ id }) => id ?? 0n);
  const found = await expand(transaction, ids, { maxHops, limit, boundary: stopConditions }, call);
  return { subgraph: await toGraph(transaction, starting, found, call) };
};

type Boundary = NonNullable<LineageGraphQueryOptions['stopConditions']>;

interface Expansion {
  readonly maxHops: bigint;
  /** Nodes at most, the starting ones included. */
  readonly limit: number;
  readonly boundary: Boundary;
}

interface Found {
  /** Artifacts that are not starting nodes. */
  readonly artifactIds: readonly bigint[];
  readonly executionIds: readonly bigint[];
  readonly events: readonly StoredEvent[];
}

/** Breadth first, one statement per hop and one more where a boundary filter applies. */
async function expand(
  transaction: Transaction,
  starting: readonly bigint[],
  { maxHops, limit, boundary }: Expansion,
  call: Call,
): Promise<Found> {
  const visited = { Artifact: new Set(starting), Execution: new Set<bigint>() };
  const events: StoredEvent[] = [];
  let frontier = starting;
  for (let hop = 0n; hop < maxHops && frontier.length > 0; hop += 1n) {
    const quota = limit - visited.Artifact.size - visited.Execution.size;
    if (quota <= 0) break;
    const fromArtifacts = hop % 2n === 0n;
    const [here, there] = fromArtifacts ? [ARTIFACT, EXECUTION] : [EXECUTION, ARTIFACT];
    const seen = fromArtifacts ? visited.Execution : visited.Artifact;
    const filter = fromArtifacts ? boundary.boundaryExecutions : boundary.boundaryArtifacts;
    const end = ({ event: { artifactId = 0n, executionId = 0n } }: StoredEvent) =>
      fromArtifacts ? executionId : artifactId;
    const passed = await eventsOf(transaction, here, frontier, call);
    const reached = new Set(passed.map(end).filter((id) => !seen.has(id)));
    const kept = filter && reached.size > 0 ? await idsThatMatch(transaction, there, filter, reached) : [...reached];
    frontier = kept.sort(byValue).slice(0, quota);
    for (const id of frontier) seen.add(id);
    const next = new Set(frontier);
    events.push(...passed.filter((each) => next.has(end(each))));
  }
  const artifactIds = [...visited.Artifact].slice(starting.length);
  return { artifactIds, executionIds: [...visited.Execution], events };
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function toGraph(
  transaction: Transaction,
  starting: LineageGraph['artifacts'],
  { artifactIds, executionIds, events }: Found,
  call: Call,
): Promise<LineageGraph> {
  if (call.read?.eventPaths !== false) await readPaths(transaction, events, call);
  return {
    artifacts: [...starting, ...(await nodesById(transaction, ARTIFACT, artifactIds, call))],
    executions: await nodesById(transaction, EXECUTION, executionIds, call),
    contexts: [],
    events: events.map(({ event }) => event),
    attributions: [],
    associations: [],
    parentContexts: [],
    artifactTypes: await lineageTypes(transaction, ARTIFACT_TYPE, false),
    executionTypes: await lineageTypes(transaction, EXECUTION_TYPE, false),
    contextTypes: await lineageTypes(transaction, CONTEXT_TYPE, false),
  };
}
