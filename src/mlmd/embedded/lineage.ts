import { RegistryError } from '../../errors.ts';
import type { LineageGraph } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import { readPaths, type StoredEvent } from './events.ts';
import { toCondition } from './filter-sql.ts';
import { createSide, type Side, walk } from './lineage-walk.ts';
import { ARTIFACT, EXECUTION, type NodeKind } from './node-kinds.ts';
import { packedColumns, selection } from './packed-columns.ts';
import type { EngineRpc } from './rpc.ts';
import { listTypes } from './stored-types.ts';
import { jsonList, type Transaction, toInt } from './transaction.ts';
import { ARTIFACT_TYPE, CONTEXT_TYPE, EXECUTION_TYPE, type TypeKind } from './type-kinds.ts';

/** The engine's own bound: more starting nodes than this are left out. */
const MAX_STARTING_NODES = 101;

/** The engine's own bound: farther nodes are left out. */
const MAX_HOPS = 100n;

/** The parts of the answer, as the read mask names them; an empty mask means all. */
type Part = 'artifacts' | 'executions' | 'contexts' | 'events' | 'attributions' | 'associations' | TypePart;
type TypePart = 'artifact_types' | 'execution_types' | 'context_types';
type Wants = (part: Part) => boolean;

/**
 * The lineage around the starting nodes, up to 101 of them and 100 hops, with nodes that have only their id and types
 * without their base types. INVALID_ARGUMENT without starting nodes or with hops below 0; NOT_FOUND where no node starts.
 */
export const getLineageSubgraph: EngineRpc<'getLineageSubgraph'> = async (transaction, request, call) => {
  const options = request.lineageSubgraphQueryOptions ?? {};
  const { startingArtifacts, startingExecutions, maxNumHops = MAX_HOPS } = options;
  const filterQuery = (startingArtifacts ?? startingExecutions)?.filterQuery;
  if (!filterQuery) throw new RegistryError('INVALID_ARGUMENT', 'The starting nodes need a filter_query.');
  if (maxNumHops < 0n)
    throw new RegistryError('INVALID_ARGUMENT', `max_num_hops is ${maxNumHops}; it cannot be below 0.`);

  const artifacts = createSide(ARTIFACT, options.endingArtifacts);
  const executions = createSide(EXECUTION, options.endingExecutions);
  const [from, to] = startingArtifacts ? [artifacts, executions] : [executions, artifacts];
  const starting = await startingIds(transaction, from.kind, filterQuery);
  if (starting.length === 0) throw new RegistryError('NOT_FOUND', 'No node matches the filter of the starting nodes.');
  const maxHops = maxNumHops > MAX_HOPS ? MAX_HOPS : maxNumHops;
  const events = await walk(transaction, { from, to, starting, maxHops, direction: options.direction }, call);
  const wants: Wants = (part) => !request.readMask?.length || request.readMask.includes(part);
  return { lineageSubgraph: await toGraph(transaction, { artifacts, executions, events }, wants, call) };
};

async function startingIds(transaction: Transaction, kind: NodeKind<unknown>, filterQuery: string): Promise<bigint[]> {
  const condition = toCondition(kind, filterQuery);
  const rows = await transaction.all(
    `SELECT n.id FROM ${kind.table} AS n WHERE ${condition.sql} ORDER BY n.id LIMIT ${MAX_STARTING_NODES}`,
    ...condition.parameters,
  );
  return rows.map((row) => toInt(row[0]) ?? 0n);
}

/** What a walk found. */
interface Found {
  readonly artifacts: Side;
  readonly executions: Side;
  readonly events: readonly StoredEvent[];
}

async function toGraph(transaction: Transaction, found: Found, wants: Wants, call: Call): Promise<LineageGraph> {
  const artifactIds = idsOf(found.artifacts);
  const executionIds = idsOf(found.executions);
  const needs = (part: Part) => wants('contexts') || wants(part);
  const attributions = needs('attributions')
    ? await membersOf(transaction, 'Attribution', 'artifact_id', artifactIds)
    : [];
  const associations = needs('associations')
    ? await membersOf(transaction, 'Association', 'execution_id', executionIds)
    : [];
  const contextIds = new Set([...attributions, ...associations].map(([, contextId]) => contextId));
  if (wants('events') && call.read?.eventPaths !== false) await readPaths(transaction, found.events, call);
  return {
    artifacts: wants('artifacts') ? artifactIds.map(bare) : [],
    executions: wants('executions') ? executionIds.map(bare) : [],
    contexts: wants('contexts') ? [...contextIds].map(bare) : [],
    events: wants('events') ? found.events.map(({ event }) => event) : [],
    attributions: wants('attributions')
      ? attributions.map(([artifactId, contextId]) => ({ artifactId, contextId }))
      : [],
    associations: wants('associations')
      ? associations.map(([executionId, contextId]) => ({ executionId, contextId }))
      : [],
    parentContexts: [],
    artifactTypes: wants('artifact_types') ? await lineageTypes(transaction, ARTIFACT_TYPE, true) : [],
    executionTypes: wants('execution_types') ? await lineageTypes(transaction, EXECUTION_TYPE, true) : [],
    contextTypes: wants('context_types') ? await lineageTypes(transaction, CONTEXT_TYPE, true) : [],
  };
}

function idsOf({ visited, ending, endingNodes }: Side): bigint[] {
  return endingNodes?.includeEndingNodes ? [...visited, ...ending] : [...visited];
}

/** The nodes with each of their contexts, in the order in which they came into these. */
async function membersOf(transaction: Transaction, table: string, key: string, ids: readonly bigint[]) {
  if (ids.length === 0) return [];
  const from = `FROM ${table} WHERE ${key} IN (SELECT value FROM json_each(?)) ORDER BY id`;
  const [members = [], contextIds = []] = await packedColumns(
    transaction,
    selection([key, 'context_id']),
    from,
    jsonList(ids),
  );
  return members.map((id, row) => [toInt(id) ?? 0n, toInt(contextIds[row]) ?? 0n] as const);
}

function bare(id: bigint) {
  return { id, properties: new Map(), customProperties: new Map() };
}

/** All types of a kind as lineage answers have them: without their base types, system-defined ones where asked for. */
export async function lineageTypes<Base extends number>(
  transaction: Transaction,
  kind: TypeKind<Base>,
  systemTypes: boolean,
) {
  const types = await listTypes(transaction, kind, { systemTypes });
  return types.map((type) => ({ ...type, baseType: undefined }));
}
