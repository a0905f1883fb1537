import type { Event, Event_Path_Step, Event_Type } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call, RpcRequest, RpcResponse } from '../store.ts';
import { jsonList, type Row, type Transaction, toInt, toText } from './database.ts';
import { CONTEXT } from './node-kinds.ts';
import { nodesWhere } from './nodes.ts';

/** The events of these artifacts, in the order in which they were written. */
export async function getEventsByArtifactIDs(
  transaction: Transaction,
  request: RpcRequest<'getEventsByArtifactIDs'>,
  call: Call,
): Promise<RpcResponse<'getEventsByArtifactIDs'>> {
  return { events: await eventsBy(transaction, 'artifact_id', request.artifactIds, call) };
}

/** The events of these executions, in the order in which they were written. */
export async function getEventsByExecutionIDs(
  transaction: Transaction,
  request: RpcRequest<'getEventsByExecutionIDs'>,
  call: Call,
): Promise<RpcResponse<'getEventsByExecutionIDs'>> {
  return { events: await eventsBy(transaction, 'execution_id', request.executionIds, call) };
}

async function eventsBy(
  transaction: Transaction,
  key: 'artifact_id' | 'execution_id',
  ids: readonly bigint[],
  call: Call,
): Promise<Event[]> {
  const rows = await transaction.all(
    `SELECT id, artifact_id, execution_id, type, milliseconds_since_epoch FROM Event
     WHERE ${key} IN (SELECT value FROM json_each(?)) ORDER BY id`,
    jsonList(ids),
  );
  const events = new Map(rows.map((row) => [toInt(row[0]) ?? 0n, toEvent(row)]));
  if (call.read?.eventPaths !== false && events.size > 0) await readPaths(transaction, events);
  return [...events.values()];
}

function toEvent(row: Row): Event {
  return {
    artifactId: toInt(row[1]),
    executionId: toInt(row[2]),
    // Like a decoder, lets a number pass that the enum does not know.
    type: Number(toInt(row[3]) ?? 0n) as Event_Type,
    millisecondsSinceEpoch: toInt(row[4]),
  };
}

async function readPaths(transaction: Transaction, events: ReadonlyMap<bigint, Event>): Promise<void> {
  const rows = await transaction.all(
    `SELECT event_id, is_index_step, step_index, step_key FROM EventPath
     WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
    jsonList([...events.keys()]),
  );
  for (const row of rows) {
    const event = events.get(toInt(row[0]) ?? 0n);
    if (!event) continue;
    event.path ??= { steps: [] };
    event.path.steps.push(toStep(row));
  }
}

function toStep(row: Row): Event_Path_Step {
  return toInt(row[1]) === 0n ? { key: toText(row[3]) ?? '' } : { index: toInt(row[2]) ?? 0n };
}

/** The parents of each of these contexts, by ascending id. */
export async function getParentContextsByContexts(
  transaction: Transaction,
  request: RpcRequest<'getParentContextsByContexts'>,
  call: Call,
): Promise<RpcResponse<'getParentContextsByContexts'>> {
  const linked = await linkedContexts(transaction, 'context_id', 'parent_context_id', request.contextIds, call);
  return { contexts: new Map([...linked].map(([id, parentContexts]) => [id, { parentContexts }])) };
}

/** The children of each of these contexts, by ascending id. */
export async function getChildrenContextsByContexts(
  transaction: Transaction,
  request: RpcRequest<'getChildrenContextsByContexts'>,
  call: Call,
): Promise<RpcResponse<'getChildrenContextsByContexts'>> {
  const linked = await linkedContexts(transaction, 'parent_context_id', 'context_id', request.contextIds, call);
  return { contexts: new Map([...linked].map(([id, childrenContexts]) => [id, { childrenContexts }])) };
}

type LinkColumn = 'context_id' | 'parent_context_id';

/** For each id that has any: the contexts at the `to` end of the ParentContext rows that have it at the `from` end. */
async function linkedContexts(
  transaction: Transaction,
  from: LinkColumn,
  to: LinkColumn,
  ids: readonly bigint[],
  call: Call,
) {
  const links = await transaction.all(
    `SELECT ${from}, ${to} FROM ParentContext WHERE ${from} IN (SELECT value FROM json_each(?)) ORDER BY ${to}`,
    jsonList(ids),
  );
  const wanted = [...new Set(links.map((row) => toInt(row[1]) ?? 0n))];
  const contexts = await nodesWhere(
    transaction,
    CONTEXT,
    'n.id IN (SELECT value FROM json_each(?))',
    [jsonList(wanted)],
    call,
  );
  const byId = new Map(contexts.map((context) => [context.id ?? 0n, context]));
  const linked = Map.groupBy(links, (row) => toInt(row[0]) ?? 0n);
  return new Map(
    [...linked].map(([id, rows]) => [id, rows.flatMap((row) => byId.get(toInt(row[1]) ?? 0n) ?? [])] as const),
  );
}
