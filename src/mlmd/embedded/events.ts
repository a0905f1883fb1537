import type { Event, Event_Type } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call, RpcRequest, RpcResponse } from '../store.ts';
import { ascending } from './ascending.ts';
import { inSlices } from './in-slices.ts';
import { type Columns, packedColumns, selection } from './packed-columns.ts';
import { jsonList, type Transaction, toInt, toText } from './transaction.ts';

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

/** Nodes whose events, and events whose paths, are read in one go. */
const SLICE = 200;
const PATH_SLICE = 1_000;

async function eventsBy(
  transaction: Transaction,
  key: 'artifact_id' | 'execution_id',
  ids: readonly bigint[],
  call: Call,
): Promise<Event[]> {
  const types = call.read?.eventTypes;
  const ofTypes = types ? `AND type IN (${types.map(Number).join(', ')})` : '';
  const from = `FROM Event WHERE ${key} IN (SELECT value FROM json_each(?)) ${ofTypes} ORDER BY id`;
  const events = await inSlices(transaction, call, ascending(ids), SLICE, async (slice) =>
    toEvents(await packedColumns(transaction, EVENT, from, jsonList(slice))),
  );
  if (ids.length > SLICE) events.sort((a, b) => (a.id < b.id ? -1 : 1)); // each slice has an order of its own
  if (call.read?.eventPaths !== false) await readPaths(transaction, events, call);
  return events.map(({ event }) => event);
}

/** An event without its path, and its row's id. */
export interface StoredEvent {
  readonly id: bigint;
  readonly event: Event;
}

/** The columns of an event, as {@link toEvents} takes them. */
export const EVENT = selection(['id', 'artifact_id', 'execution_id', 'type', 'milliseconds_since_epoch']);

/** The events of these columns, without their paths. */
export function toEvents([ids = [], artifactIds = [], executionIds = [], types = [], times = []]: Columns) {
  return ids.map(
    (id, row): StoredEvent => ({
      id: toInt(id) ?? 0n,
      event: {
        artifactId: toInt(artifactIds[row]),
        executionId: toInt(executionIds[row]),
        // Like a decoder, lets a number pass that the enum does not know.
        type: Number(types[row] ?? 0) as Event_Type,
        millisecondsSinceEpoch: toInt(times[row]),
      },
    }),
  );
}

const PATH = selection(['event_id', 'is_index_step', 'step_index'], ['step_key']);

/** Adds their paths to events. */
export async function readPaths(transaction: Transaction, events: readonly StoredEvent[], call: Call): Promise<void> {
  await inSlices(transaction, call, events, PATH_SLICE, async (slice) => {
    if (slice.length > 0) await readSomePaths(transaction, slice);
    return [];
  });
}

async function readSomePaths(transaction: Transaction, events: readonly StoredEvent[]): Promise<void> {
  // From one event to the next; the index on event_id has the steps of one in the order in which they were written.
  const from = 'FROM json_each(?) AS place CROSS JOIN EventPath ON event_id = place.value';
  const ids = jsonList(events.map(({ id }) => id));
  const [eventIds = [], areIndexes = [], indexes = [], keys = []] = await packedColumns(transaction, PATH, from, ids);
  if (eventIds.length === 0) return;
  const byId = new Map(events.map(({ id, event }) => [id, event]));
  for (const [row, id] of eventIds.entries()) {
    const event = byId.get(toInt(id) ?? 0n);
    if (!event) continue;
    event.path ??= { steps: [] };
    event.path.steps.push(
      Number(areIndexes[row]) === 0 ? { key: toText(keys[row]) ?? '' } : { index: toInt(indexes[row]) ?? 0n },
    );
  }
}
