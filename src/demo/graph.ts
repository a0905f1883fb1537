import type { Artifact_State, Execution_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** A property value as the tables write it: a number is a DOUBLE, a bigint an INT, an object a STRUCT. */
export type PlainValue = string | number | bigint | boolean | { readonly [name: string]: unknown };

/** Property values by name; the undefined ones are left out. */
export type PlainValues = Readonly<Record<string, PlainValue | undefined>>;

/** What the demonstration says of a node of any kind. Nodes know each other by keys, as ids come from the store. */
export interface DemoNode {
  /** Unique among the nodes of its kind. */
  readonly key: string;
  readonly type: string;
  readonly name: string;
  /** Key of the context that the node belongs to, whose id begins the stored name: `<id>:<name>`. */
  readonly owner?: string;
  /** Keys of the other contexts that the node is in: as child, attributed artifact or associated execution. */
  readonly contexts?: readonly string[];
  readonly externalId?: string;
  readonly properties?: PlainValues;
  readonly customProperties?: PlainValues;
  /** Keys of contexts by the name of the INT property that is to have their id. */
  readonly references?: Readonly<Record<string, string>>;
}

/** A context; its owner and contexts are its parents. */
export type DemoContext = DemoNode;

/** An artifact; it is also attributed to the contexts of the executions that wrote it. */
export interface DemoArtifact extends DemoNode {
  readonly uri?: string;
  readonly state: Artifact_State;
}

/** Keys of artifacts by the first step of the event's path; the second one is the index. */
export type DemoUse = Readonly<Record<string, readonly string[]>>;

/** An execution with its input and output events. */
export interface DemoExecution extends DemoNode {
  readonly state: Execution_State;
  readonly inputs: DemoUse;
  readonly outputs: DemoUse;
  /** When the inputs were read and the outputs written, in milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
}

/** Nodes with all that links them. */
export interface DemoGraph {
  readonly contexts: readonly DemoContext[];
  readonly artifacts: readonly DemoArtifact[];
  readonly executions: readonly DemoExecution[];
}

/** One graph of several, in their order. */
export function joinGraphs(graphs: readonly DemoGraph[]): DemoGraph {
  return {
    contexts: graphs.flatMap(({ contexts }) => contexts),
    artifacts: graphs.flatMap(({ artifacts }) => artifacts),
    executions: graphs.flatMap(({ executions }) => executions),
  };
}
