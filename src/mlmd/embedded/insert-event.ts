import { RegistryError } from '../../errors.ts';
import { type Event, Event_Type } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { orAlreadyExists } from './duplicates.ts';
import { createInsertRows } from './insert-rows.ts';
import { checkText } from './stored-text.ts';
import type { SqlValue, Transaction } from './transaction.ts';

/** Nodes that an event may name. */
export interface EventEnds {
  readonly artifacts: ReadonlySet<bigint | undefined>;
  readonly executions: ReadonlySet<bigint | undefined>;
}

/**
 * Adds an event with its path; without a time it happens now. INVALID_ARGUMENT where it has no type or an end that is
 * missing or not among `ends`; ALREADY_EXISTS where the two nodes have one of this type.
 */
export async function insertEvent(transaction: Transaction, event: Event, ends: EventEnds): Promise<void> {
  const { artifactId, executionId, type, millisecondsSinceEpoch, path } = event;
  if (artifactId === undefined) throw invalid('An event has no artifact_id.');
  if (executionId === undefined) throw invalid('An event has no execution_id.');
  if (!isKnownType(type)) throw invalid('An event has no type.');
  if (!ends.artifacts.has(artifactId))
    throw invalid(`An event names the artifact ${artifactId}, which does not exist.`);
  if (!ends.executions.has(executionId)) {
    throw invalid(`An event names the execution ${executionId}, which does not exist.`);
  }
  const { lastId } = await orAlreadyExists(
    `There is already an event of this type between artifact ${artifactId} and execution ${executionId}.`,
    transaction.run(
      'INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch) VALUES (?, ?, ?, ?)',
      artifactId,
      executionId,
      BigInt(type),
      millisecondsSinceEpoch ?? BigInt(Date.now()),
    ),
  );
  await insertPath(transaction, lastId, path);
}

function invalid(message: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message);
}

function isKnownType(type: Event_Type | undefined): type is Event_Type {
  return type !== Event_Type.UNKNOWN && Object.values(Event_Type).some((known) => known === type);
}

const insertSteps = createInsertRows('EventPath', ['event_id', 'is_index_step', 'step_index', 'step_key']);

async function insertPath(transaction: Transaction, eventId: bigint, path: Event['path']): Promise<void> {
  const values: SqlValue[] = [];
  for (const { index, key } of path?.steps ?? []) {
    checkText('A key in the path of an event', key);
    // A step that is neither leaves no row, as in the C++ engine.
    if (index === undefined && key === undefined) continue;
    if (index === undefined) values.push(eventId, 0n, null, key ?? null);
    else values.push(eventId, 1n, index, null);
  }
  await insertSteps(transaction, values);
}
