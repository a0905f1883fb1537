import type { Event, Event_Path_Step, Event_Type } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call, RpcRequest, RpcResponse } from '../store.ts';
import { packedRows } from './packed-rows.ts';
import { jsonList, type Row, type Transaction, toInt, toText } from './transaction.ts';

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
  const from = `FROM Event WHERE ${key} IN (SELECT value FROM json_each(?)) ORDER BY id`;
  const rows = await packedRows(transaction, EVENT_COLUMNS, from, jsonList(ids));
  const events = rows.map((row) => ({ id: toInt(row[0]) ?? 0n, event: toEvent(row) }));
  if (call.read?.eventPaths !== false) await readPaths(transaction, events);
  return events.map(({ event }) => event);
}

/** The columns of an event, as {@link toEvent} takes them; the first is its id. */
export const EVENT_COLUMNS = 'id, artifact_id, execution_id, type, milliseconds_since_epoch';

/** The event of a row, without its path. */
export function toEvent(row: Row): Event {
  return {
    artifactId: toInt(row[1]),
    executionId: toInt(row[2]),
    // Like a decoder, lets a number pass that the enum does not know.
    type: Number(toInt(row[3]) ?? 0n) as Event_Type,
    millisecondsSinceEpoch: toInt(row[4]),
  };
}

const PATH_COLUMNS = 'event_id, is_index_step, step_index, step_key';

/** Adds their paths to events, whose rows have these ids. */
export async function readPaths(
  transaction: Transaction,
  events: readonly { readonly id: bigint; readonly event: Event }[],
): Promise<void> {
  if (events.length === 0) return;
  const from = 'FROM EventPath WHERE event_id IN (SELECT value FROM json_each(?)) ORDER BY event_id, rowid';
  const rows = await packedRows(transaction, PATH_COLUMNS, from, jsonList(events.map(({ id }) => id)));
  if (rows.length === 0) return;
  const byId = new Map(events.map(({ id, event }) => [id, event]));
  for (const row of rows) {
    const event = byId.get(toInt(row[0]) ?? 0n);
    if (!event) continue;
    event.path ??= { steps: [] };
    event.path.steps.push(toStep(row));
  }
}

function toStep(row: Row): Event_Path_Step {
  return toInt(row[1]) === 0n ? { key: toText(row[3]) ?? '' } : { index: toInt(row[2]) ?? 0n };
}
