import type { Event, Event_Path_Step } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import { CHUNK, inChunks } from './in-chunks.ts';

/** Loaders of events for one request: one GetEventsBy… for all nodes of a tick, in chunks of 1,000. */
export function createEdgeLoaders(store: MetadataStore, call: Call) {
  const withoutPaths = { ...call, read: { eventPaths: false } };
  return {
    /** All events of an artifact, in no particular order; without their paths where the store can leave them out. */
    eventsByArtifact: createEventsLoader(
      call,
      async (artifactIds) => (await store.getEventsByArtifactIDs({ artifactIds }, withoutPaths)).events,
      (event) => event.artifactId,
    ),
    /** All events of an execution, in the same way. */
    eventsByExecution: createEventsLoader(
      call,
      async (executionIds) => (await store.getEventsByExecutionIDs({ executionIds }, withoutPaths)).events,
      (event) => event.executionId,
    ),
    eventPath: createPathLoader(store, call),
  };
}

function createEventsLoader(
  call: Call,
  read: (ids: bigint[]) => Promise<readonly Event[]>,
  idOf: (event: Event) => bigint | undefined,
) {
  return createLoader<bigint, readonly Event[]>(call, 'events', async (ids) => {
    const byId = Map.groupBy(await inChunks(ids, CHUNK, read), idOf);
    return ids.map((id) => byId.get(id) ?? []);
  });
}

type PathOf = (event: Event) => readonly Event_Path_Step[] | Promise<readonly Event_Path_Step[]>;

/** The path of an event that one of the loaders above gave, its steps from the outside in. */
function createPathLoader(store: MetadataStore, call: Call): PathOf {
  // MLMD's wire gives no id of an event; these three are unique.
  const keyOf = (event: Event) => `${event.artifactId}:${event.executionId}:${event.type}`;
  const loader = createLoader<Event, readonly Event_Path_Step[], string>(
    call,
    'event paths',
    async (events) => {
      const executionIds = [...new Set(events.map((event) => event.executionId ?? 0n))];
      const loaded = await inChunks(
        executionIds,
        CHUNK,
        async (chunk) => (await store.getEventsByExecutionIDs({ executionIds: chunk }, call)).events,
      );
      const byKey = new Map(loaded.map((event) => [keyOf(event), event]));
      return events.map((event) => byKey.get(keyOf(event))?.path?.steps ?? []);
    },
    { cacheKeyFn: keyOf },
  );
  return store.partialReads ? (event) => loader.load(event) : (event) => event.path?.steps ?? [];
}
