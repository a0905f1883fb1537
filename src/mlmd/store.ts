import type { Access } from '../auth/access.ts';
import type { AuditedRow, AuditLine, Outcome, RequestAudit } from '../domain/audit-line.ts';
import type {
  Artifact,
  Context,
  Event,
  Event_Type,
  Execution,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { MetadataStoreServiceService } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';

type Service = typeof MetadataStoreServiceService;

/** A method of MLMD's MetadataStoreService, as ts-proto spells it: `getArtifactsById`, `putExecution`, … */
export type RpcName = keyof Service;

/** The request message of an RPC. */
export type RpcRequest<Name extends RpcName> = Parameters<Service[Name]['requestSerialize']>[0];

/** The response message of an RPC. */
export type RpcResponse<Name extends RpcName> = ReturnType<Service[Name]['responseDeserialize']>;

/** What travels beside a request: until when, and how much of the answer is wanted. */
export interface Call {
  /** Milliseconds since the Unix epoch after which the answer is of no use. */
  readonly deadline?: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** Parts of the answer that may be left out. Only a store with `partialReads` heeds it. */
  readonly read?: ReadMask;
  /** What they may do for whom it is. Only a guarded store looks at it, and serves no call without. */
  readonly access?: Access;
  /** Hears that something was left out which is not for them. */
  readonly withheld?: () => void;
  /** Hears of what the request changes. */
  readonly audit?: RequestAudit | undefined;
  /** Asked of a write that went well before it is committed: the line that the embedded store keeps with it. */
  readonly note?: (answer: unknown) => AuditLine;
  /** Where the calls of one request are counted together. */
  readonly tally?: CallTally;
  /** Does the work of a batch of so many keys as a part of the request's trace; absent where it is not traced. */
  readonly batch?: <Result>(name: string, size: number, work: () => Promise<Result>) => Promise<Result>;
}

/** How many calls were made. */
export interface CallTally {
  calls: number;
}

/** Which costly parts of nodes and events to read. Absent: all of them, as the RPC promises. */
export interface ReadMask {
  /** Names of the properties and custom properties to fill in; `[]` for none, absent for all. */
  readonly properties?: readonly string[];
  /** False leaves `Event.path` out. */
  readonly eventPaths?: boolean;
  /** Only events of these types; absent for all. */
  readonly eventTypes?: readonly Event_Type[];
}

/** One RPC. Rejects with a RegistryError of the RPC's gRPC code. */
export type Rpc<Name extends RpcName> = (request: RpcRequest<Name>, call?: Call) => Promise<RpcResponse<Name>>;

/** Every RPC of MLMD's MetadataStoreService (proto/ml_metadata/proto/metadata_store_service.proto has their contract). */
export type MetadataStoreRpcs = { readonly [Name in RpcName]: Rpc<Name> };

/**
 * Runs several RPCs as one transaction: all that `work` writes becomes visible at once, and none of it where `work`
 * rejects. An RPC that fails undoes what it did itself; the work may go on after it. Nothing else is read or written
 * meanwhile, so `work` awaits nothing but what it is given: RPCs, and answers that are kept with what they tell of.
 * FAILED_PRECONDITION for a call of the store itself from inside and for an RPC after the end, DEADLINE_EXCEEDED for a
 * work that takes more than some seconds.
 */
export type Atomically = <T>(
  work: (rpcs: MetadataStoreRpcs, kept: KeptAnswers) => Promise<T>,
  call?: Call,
) => Promise<T>;

/** Answers to requests that may be repeated, kept for 24 hours in the transaction of what they tell of. */
export interface KeptAnswers {
  /** What was kept under the key; undefined for nothing, and for what is too old. */
  find(key: string): Promise<KeptAnswer | undefined>;
  /** Keeps an answer under a key that has none. */
  keep(key: string, kept: KeptAnswer): Promise<void>;
  /** Keeps a line of audit. */
  note(line: AuditLine): Promise<void>;
}

/** Which lines of the audit log are asked for. */
export interface AuditQuestion {
  readonly first: number;
  /** Only lines before this one. */
  readonly beforeId?: bigint | undefined;
  readonly caller?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** Milliseconds since the Unix epoch: from then on, and before then. */
  readonly since?: bigint | undefined;
  readonly until?: bigint | undefined;
}

/** The audit log that a store keeps: the last 100,000 lines of writes, and 20,000 of refusals. */
export interface AuditRows {
  /** Does nothing in a store that is read-only. */
  append(lines: readonly AuditLine[]): Promise<void>;
  /** The last one first. */
  list(question: AuditQuestion): Promise<readonly AuditedRow[]>;
}

/** A request, by its fingerprint, and what it was answered. */
export interface KeptAnswer {
  readonly request: string;
  readonly answer: string;
}

/** Which rows belong to a group, besides its key. */
export interface GroupBounds {
  /** Only nodes whose type has one of these names; of all types where it is absent. */
  readonly types?: readonly string[];
  /** Only contexts that have a parent whose type has one of these names. */
  readonly parentTypes?: readonly string[];
  /** For {@link GroupReads.contextsByInt} and {@link GroupReads.executionsByInt}: a declared property's name. */
  readonly property?: string;
}

/** The groups of these keys. */
export interface Group extends GroupBounds {
  readonly keys: readonly bigint[];
}

/** Rows of each group: those whose id is above `afterId`, by ascending id, at most `first` of them for each key. */
export interface GroupPage extends Group {
  readonly first: number;
  readonly afterId: bigint;
}

/** A page of children. */
export interface ChildrenPage extends GroupPage {
  /** By descending id, so that the last of each group come. */
  readonly newestFirst?: boolean;
}

/** Rows by the key that they were asked for with; a key without rows may be missing. */
export type Groups<Node> = ReadonlyMap<bigint, readonly Node[]>;

/** Reads of pages of groups; each is one call, whatever the number of keys. They heed {@link Call.read}. */
export interface GroupPages {
  /** The artifacts of each of these contexts. */
  artifactsOfContexts(page: GroupPage, call?: Call): Promise<Groups<Artifact>>;
  /** The executions of each of these contexts. */
  executionsOfContexts(page: GroupPage, call?: Call): Promise<Groups<Execution>>;
  /** The children of each of these contexts. */
  childrenOfContexts(page: ChildrenPage, call?: Call): Promise<Groups<Context>>;
  /** The contexts of each of these artifacts. */
  contextsOfArtifacts(page: GroupPage, call?: Call): Promise<Groups<Context>>;
  /** The contexts whose declared INT property of this name has the key as its value. */
  contextsByInt(page: GroupPage, call?: Call): Promise<Groups<Context>>;
  /** The executions whose declared INT property of this name has the key as its value. */
  executionsByInt(page: GroupPage, call?: Call): Promise<Groups<Execution>>;
}

/** Reads that MLMD's service lacks, each of which is one call. */
export interface GroupReads extends GroupPages {
  /** How many rows the whole group of each key has. A key without rows may be missing. */
  groupCounts(of: keyof GroupPages, group: Group, call?: Call): Promise<ReadonlyMap<bigint, number>>;
  /** How many rows all pages of a list have together. */
  count(list: CountedList, call?: Call): Promise<number>;
}

/** A list, as the Get… RPCs have it. */
export interface CountedList {
  readonly node: 'Artifact' | 'Execution' | 'Context';
  readonly typeName?: string;
  readonly filterQuery?: string;
  /** Only the artifacts or executions of this context. */
  readonly contextId?: bigint;
}

/** A kind of node that has events. */
export type EventKind = 'Artifact' | 'Execution';

/** A way along events: to what nodes were made of, or to what was made of them. */
export type EventWay = 'up' | 'down';

/** Nodes, by their ids. */
export type EventNodes = Readonly<Record<EventKind, readonly bigint[]>>;

/** From which nodes to go along events, and which way. */
export interface EventWalk extends Readonly<Record<EventWay, EventNodes>> {
  /** How many levels to read at most, the one of these nodes included. */
  readonly levels: number;
  /** False for a node that is not to be gone on to, as one whose events of this way are known. */
  wants(way: EventWay, kind: EventKind, id: bigint): boolean;
}

/** Events without their paths, by the nodes that they lead away from. A node that was read and has none has an empty list. */
export type EventsOf = Readonly<Record<EventKind, ReadonlyMap<bigint, readonly Event[]>>>;

/** What a node is, without the rest of it. */
export interface Outline {
  readonly id: bigint;
  readonly type: string | undefined;
  /** Of artifacts only. */
  readonly uri: string | undefined;
}

/** Reads for walks, which pass more nodes than they show; each is one call. */
export interface WalkReads {
  /**
   * The events of these nodes, and of those that they lead to, level by level: the first one, and as many more whole
   * levels as can be read in one go.
   */
  eventsAlong(walk: EventWalk, call?: Call): Promise<Readonly<Record<EventWay, EventsOf>>>;
  /** What these nodes are; those that are not there are left out. */
  outlines(nodes: EventNodes, call?: Call): Promise<Readonly<Record<EventKind, readonly Outline[]>>>;
  /** The artifacts that have one of these URIs, to the letter. */
  outlinesByUri(uris: readonly string[], call?: Call): Promise<readonly Outline[]>;
}

/** Where metadata lives: the MLMD service, over the wire or embedded. The one seam that all else is built on. */
export interface MetadataStore extends MetadataStoreRpcs {
  /** True where {@link Call.read} is heeded, so that asking for less costs less. */
  readonly partialReads: boolean;
  /** True where a `filter_query` means what it says, whatever texts and names are in it; docs/filter.md has where not. */
  readonly exactFilters: boolean;
  /** Present where several RPCs can be one transaction. */
  readonly atomically?: Atomically;
  /** Present where one call can read the rows of many groups at once, or count a list. */
  readonly groups?: GroupReads;
  /** Present where a walk can go along events, and look at nodes, at less than the cost of the RPCs. */
  readonly walks?: WalkReads;
  /** Present where the store keeps lines of audit, also with what they tell of: {@link Call.note}. */
  readonly audit?: AuditRows;
  /** Releases files and connections; calls after it reject. */
  close(): Promise<void>;
}

/** The names of all RPCs, in the order of the proto file. */
export const RPC_NAMES = Object.keys(MetadataStoreServiceService) as RpcName[];

/** The RPC's name on the wire, e.g. `GetArtifactsByID` for `getArtifactsById`. */
export function wireName(name: RpcName): string {
  const { path } = MetadataStoreServiceService[name];
  return path.slice(path.lastIndexOf('/') + 1);
}
