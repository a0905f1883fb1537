/** How what was asked for ended. */
export const OUTCOMES = [
  /** It was done, and is durable. */
  'DONE',
  /** It had been done before, under the same idempotency key: nothing was changed. */
  'REPEATED',
  /** It was not done, for something in it is not right. */
  'REJECTED',
  /** It was not done, for the caller may not. */
  'REFUSED',
  /** It was not done, or it is not known whether: something failed that is not the caller's mistake. */
  'FAILED',
] as const;

/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number];

/** The door by which a request came. */
export type AuditDoor = 'GRAPHQL' | 'REST' | 'GRPC';

/** What was written, or asked for. */
export interface AuditedNode {
  /** A noun of the registry or of MLMD, e.g. `ModelVersion`, `Artifact`. */
  readonly type: string;
  /** Its MLMD id, in digits. */
  readonly id: string;
}

/** Who asks, and from where. */
export interface AuditedCaller {
  readonly name: string;
  readonly groups: readonly string[];
  /** How the caller was known. */
  readonly by: string;
}

/** A line of the audit log: a write or a refusal. It has no value of a property, and nothing that proves who asks. */
export interface AuditLine {
  /** ISO 8601, in UTC. */
  readonly time: string;
  readonly requestId: string;
  /** Null where nobody is known. */
  readonly caller: AuditedCaller | null;
  /** The address of the other end; null where it has none. */
  readonly address: string | null;
  /** What a proxy that is believed says of whom it asks for; null for all others. */
  readonly forwardedFor: string | null;
  readonly registry: string;
  readonly door: AuditDoor;
  /** Of HTTP, e.g. `PATCH /api/model_registry/v1/registered_models/:id`. */
  readonly route: string | null;
  /** The field of the mutation, the RPC, or the fields of a query. */
  readonly action: string;
  /** The right that it needs, or that was missing, e.g. `create registeredmodels`. */
  readonly right: string | null;
  /** The first 100 of what was written; of what was not done, what it named by ids. */
  readonly nodes: readonly AuditedNode[];
  /** How many nodes there were beyond these. */
  readonly moreNodes: number;
  readonly outcome: Outcome;
  /** Of errors, as GraphQL tells them. */
  readonly codes: readonly string[];
}

/** A line in a list of them. */
export interface AuditedRow {
  /** Its place: later lines have higher ones. */
  readonly id: bigint;
  readonly line: AuditLine;
}

/** What became of an action. */
export interface Ended {
  readonly nodes?: readonly AuditedNode[];
  readonly outcome: Outcome;
  readonly codes?: readonly string[];
  /** The right that was missing. */
  readonly right?: string | undefined;
}

/** The audit of one request, at whatever door. */
export interface RequestAudit {
  /** The line of an action that has ended, or is about to where it is kept with its write. */
  line(action: string, ended: Ended): AuditLine;
  /** Writes a line; `kept` where the store has it already. Never waits, never throws. */
  emit(line: AuditLine, kept?: boolean): void;
  /** What became of an action that threw. */
  endedBy(error: unknown): Ended;
  /** True once a refusal was written. */
  hasRefused(): boolean;
}
