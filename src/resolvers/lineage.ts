import type { Context } from '../context.ts';
import { enumName } from '../domain/enum-name.ts';
import { EVENT_PLACING, INPUT_TYPES, OUTPUT_TYPES, sortEvents } from '../domain/event.ts';
import { connectionFields, cursorOf, type PageArguments, pageOf, rowOf } from '../domain/page.ts';
import { toTime } from '../domain/time.ts';
import { whenReady } from '../domain/when-ready.ts';
import type {
  ArtifactEventConnectionResolvers,
  ArtifactEventEdgeResolvers,
  ArtifactResolvers,
  EventConnectionResolvers,
  EventEdgeResolvers,
  EventPathStepResolvers,
  EventResolvers,
  EventType,
  ExecutionEventConnectionResolvers,
  ExecutionEventEdgeResolvers,
  ExecutionResolvers,
} from '../generated/graphql.ts';
import { Event_Type, type Event as EventMessage } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

export const Artifact = {
  events: async (node, page, context) => {
    const events = await context.loaders.eventsByArtifact.load(node.id ?? 0n);
    return toEventPage(events, page, context, ofTypes(page.types));
  },
  producedBy: async (node, page, context) =>
    toEventPage(await context.loaders.eventsByArtifact.load(node.id ?? 0n), page, context, OUTPUTS),
  consumedBy: async (node, page, context) =>
    toEventPage(await context.loaders.eventsByArtifact.load(node.id ?? 0n), page, context, INPUTS),
} satisfies ArtifactResolvers;

export const Execution = {
  events: async (node, page, context) => {
    const events = await context.loaders.eventsByExecution.load(node.id ?? 0n);
    return toEventPage(events, page, context, ofTypes(page.types));
  },
  inputs: async (node, page, context) =>
    toEventPage(await context.loaders.eventsByExecution.load(node.id ?? 0n), page, context, INPUTS),
  outputs: async (node, page, context) =>
    toEventPage(await context.loaders.eventsByExecution.load(node.id ?? 0n), page, context, OUTPUTS),
} satisfies ExecutionResolvers;

type Accepts = (event: EventMessage) => boolean;

const INPUTS: Accepts = ({ type }) => INPUT_TYPES.has(type);
const OUTPUTS: Accepts = ({ type }) => OUTPUT_TYPES.has(type);

function ofTypes(types: readonly EventType[] | null | undefined): Accepts {
  return ({ type }) => !types || types.includes(enumName(Event_Type, type));
}

/** The page of events, counted before the nodes at their ends are loaded. */
function toEventPage(events: readonly EventMessage[], page: PageArguments, { budget }: Context, accepts: Accepts) {
  return budget.counted(pageOf(sortEvents(events.filter(accepts)), page, EVENT_PLACING));
}

const connection = connectionFields<EventMessage>();

export const EventConnection = {
  ...connection,
  nodes: ({ rows }) => rows,
  totalCount: ({ totalCount }) => totalCount,
} satisfies EventConnectionResolvers;

export const EventEdge = { cursor: cursorOf, node: rowOf } satisfies EventEdgeResolvers;

export const ExecutionEventConnection = {
  ...connection,
  nodes: ({ rows }, _arguments, context) => Promise.all(rows.map((event) => executionOf(event, context))),
  totalCount: ({ totalCount }) => totalCount,
} satisfies ExecutionEventConnectionResolvers;

export const ExecutionEventEdge = {
  cursor: cursorOf,
  event: rowOf,
  node: (edge, _arguments, context) => executionOf(rowOf(edge), context),
} satisfies ExecutionEventEdgeResolvers;

export const ArtifactEventConnection = {
  ...connection,
  nodes: ({ rows }, _arguments, context) => Promise.all(rows.map((event) => artifactOf(event, context))),
  totalCount: ({ totalCount }) => totalCount,
} satisfies ArtifactEventConnectionResolvers;

export const ArtifactEventEdge = {
  cursor: cursorOf,
  event: rowOf,
  node: (edge, _arguments, context) => artifactOf(rowOf(edge), context),
} satisfies ArtifactEventEdgeResolvers;

export const Event = {
  type: ({ type }) => enumName(Event_Type, type),
  time: ({ millisecondsSinceEpoch }) => toTime(millisecondsSinceEpoch),
  path: (event, _arguments, { loaders }) => whenReady(loaders.eventPath(event), (steps) => steps),
  artifact: (event, _arguments, context) => artifactOf(event, context),
  execution: (event, _arguments, context) => executionOf(event, context),
} satisfies EventResolvers;

export const EventPathStep = {
  index: ({ index }) => index ?? null,
  key: ({ key }) => key ?? null,
} satisfies EventPathStepResolvers;

function artifactOf({ artifactId = 0n }: EventMessage, { loaders }: Context) {
  return loaders.artifact.load(artifactId);
}

function executionOf({ executionId = 0n }: EventMessage, { loaders }: Context) {
  return loaders.execution.load(executionId);
}
