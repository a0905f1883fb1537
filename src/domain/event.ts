import { type Event, Event_Type } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import { comparePlaces, decodeCursor, encodeCursor, type Place } from './cursor.ts';
import type { Placing } from './page.ts';

/** Event types that say that an execution read an artifact. */
export const INPUT_TYPES: ReadonlySet<Event_Type | undefined> = new Set([
  Event_Type.INPUT,
  Event_Type.DECLARED_INPUT,
  Event_Type.INTERNAL_INPUT,
]);

/** Event types that say that an execution wrote an artifact, or is going to. */
export const OUTPUT_TYPES: ReadonlySet<Event_Type | undefined> = new Set([
  Event_Type.OUTPUT,
  Event_Type.DECLARED_OUTPUT,
  Event_Type.INTERNAL_OUTPUT,
  Event_Type.PENDING_OUTPUT,
]);

/** Sorts events in place, by time and then by ids, as every list of events is ordered. */
export function sortEvents(events: Event[]): Event[] {
  return events.sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
}

/** How an event is placed in such a list. MLMD holds one event at most of a type between the same two nodes. */
export const EVENT_PLACING: Placing<Event> = {
  cursorOf: (event) => encodeCursor('events', placeOf(event)),
  isBehind(cursor) {
    const place = decodeCursor('events', cursor, ['bigint', 'bigint', 'bigint', 'bigint']);
    return (event) => comparePlaces(placeOf(event), place) > 0;
  },
};

function placeOf(event: Event): Place {
  return [
    event.millisecondsSinceEpoch ?? 0n,
    event.artifactId ?? 0n,
    event.executionId ?? 0n,
    BigInt(event.type ?? Event_Type.UNKNOWN),
  ];
}
