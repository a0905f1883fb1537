import { RegistryError } from '../../errors.ts';
import type { LineageGraph } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { RpcRequest, RpcResponse } from '../store.ts';
import { jsonList, type Transaction, toInt } from './database.ts';
import { toCondition } from './filter-sql.ts';
import { ARTIFACT, EXECUTION, type NodeKind } from './node-kinds.ts';
import { getArtifactTypes, getContextTypes, getExecutionTypes } from './types.ts';

/** The engine's own bound: more starting nodes than this are left out. */
const MAX_STARTING_NODES = 101;

/** The parts of the answer, as the read mask names them; an empty mask means all. */
type Part = 'artifacts' | 'executions' | 'contexts' | 'events' | 'attributions' | 'associations' | TypePart;
type TypePart = 'artifact_types' | 'execution_types' | 'context_types';

/** A lineage subgraph of starting nodes and what they belong to. So far without hops; nodes have only their id. */
export async function getLineageSubgraph(
  transaction: Transaction,
  request: RpcRequest<'getLineageSubgraph'>,
): Promise<RpcResponse<'getLineageSubgraph'>> {
  const options = request.lineageSubgraphQueryOptions;
  if (options?.maxNumHops !== 0n) {
    throw new RegistryError('UNIMPLEMENTED', 'This store answers GetLineageSubgraph with max_num_hops 0 only.');
  }
  const fromArtifacts = options.startingArtifacts !== undefined;
  const filterQuery = (options.startingArtifacts ?? options.startingExecutions)?.filterQuery;
  if (!filterQuery) throw new RegistryError('INVALID_ARGUMENT', 'The starting nodes need a filter_query.');

  const kind = fromArtifacts ? ARTIFACT : EXECUTION;
  const ids = await startingIds(transaction, kind, filterQuery);
  if (ids.length === 0) throw new RegistryError('NOT_FOUND', 'No node matches the filter of the starting nodes.');
  return { lineageSubgraph: await subgraph(transaction, fromArtifacts, ids, request.readMask) };
}

async function startingIds(transaction: Transaction, kind: NodeKind<unknown>, filterQuery: string): Promise<bigint[]> {
  const condition = toCondition(kind, filterQuery);
  const rows = await transaction.all(
    `SELECT n.id FROM ${kind.table} AS n WHERE ${condition.sql} ORDER BY n.id LIMIT ${MAX_STARTING_NODES}`,
    ...condition.parameters,
  );
  return rows.map((row) => toInt(row[0]) ?? 0n);
}

async function subgraph(
  transaction: Transaction,
  fromArtifacts: boolean,
  ids: readonly bigint[],
  readMask: readonly string[] | undefined,
): Promise<LineageGraph> {
  const wants = (part: Part) => !readMask?.length || readMask.includes(part);
  const members = wants('contexts') || wants(fromArtifacts ? 'attributions' : 'associations');
  const rows = members ? await memberships(transaction, fromArtifacts, ids) : [];
  const contextIds = new Set(rows.map(({ contextId }) => contextId));
  return {
    artifacts: fromArtifacts && wants('artifacts') ? ids.map(bare) : [],
    executions: !fromArtifacts && wants('executions') ? ids.map(bare) : [],
    contexts: wants('contexts') ? [...contextIds].map(bare) : [],
    events: [],
    attributions:
      fromArtifacts && wants('attributions')
        ? rows.map(({ nodeId, contextId }) => ({ artifactId: nodeId, contextId }))
        : [],
    associations:
      !fromArtifacts && wants('associations')
        ? rows.map(({ nodeId, contextId }) => ({ executionId: nodeId, contextId }))
        : [],
    parentContexts: [],
    artifactTypes: wants('artifact_types') ? (await getArtifactTypes(transaction, {}, {})).artifactTypes : [],
    executionTypes: wants('execution_types') ? (await getExecutionTypes(transaction, {}, {})).executionTypes : [],
    contextTypes: wants('context_types') ? (await getContextTypes(transaction, {}, {})).contextTypes : [],
  };
}

async function memberships(transaction: Transaction, ofArtifacts: boolean, ids: readonly bigint[]) {
  const [table, key] = ofArtifacts ? ['Attribution', 'artifact_id'] : ['Association', 'execution_id'];
  const rows = await transaction.all(
    `SELECT ${key}, context_id FROM ${table} WHERE ${key} IN (SELECT value FROM json_each(?)) ORDER BY id`,
    jsonList(ids),
  );
  return rows.map((row) => ({ nodeId: toInt(row[0]) ?? 0n, contextId: toInt(row[1]) ?? 0n }));
}

function bare(id: bigint) {
  return { id, properties: new Map(), customProperties: new Map() };
}
