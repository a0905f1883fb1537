import type { Event } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { RegistryNode } from '../registry-kinds.ts';

/** A node of the lineage graph, by what it is in MLMD. */
export interface NodeRef {
  readonly type: RegistryNode;
  readonly id: bigint;
}

/** A node as GraphQL is handed it: MLMD's message, or a {@link NodeRef} where no more than its id is shown. */
export interface ShownNode {
  readonly id?: bigint | undefined;
}

/**
 * In which way the node at the start of a link is part of what the node at its end is. `INPUT`: an execution read an
 * artifact; `OUTPUT`: it wrote one; `SAME_FILE`: a registered artifact is the file that a pipeline wrote; `MADE_IN`: it
 * comes from a run; `STEP_OF`: an execution of that run, where nothing else tells what wrote it; `PART_OF`: an artifact is
 * what a version or run is made of;
 * `DESCRIBES`: a version or run has a metric, a document or a model; `VERSION_OF`: a version of a model, a run of an
 * experiment; `DEPLOYED_AS`: a version is deployed or served; `RUNS_IN`: a deployment is one of a service, a service is in
 * an environment; `MEMBER_OF`: a node is in a context.
 */
export type LinkKind =
  | 'INPUT'
  | 'OUTPUT'
  | 'SAME_FILE'
  | 'MADE_IN'
  | 'STEP_OF'
  | 'PART_OF'
  | 'DESCRIBES'
  | 'VERSION_OF'
  | 'DEPLOYED_AS'
  | 'RUNS_IN'
  | 'MEMBER_OF';

/** What a link is known from. */
export type LinkSource = 'EVENT' | 'URI' | 'MODEL_SOURCE' | 'ATTRIBUTION' | 'SERVING';

/** A link between two nodes, in the direction in which data flows: what happens at `from` affects `to`. */
export interface Link {
  readonly from: NodeRef;
  readonly to: NodeRef;
  readonly kind: LinkKind;
  readonly derivedFrom: LinkSource;
  /** MLMD's event, without its path, where the link is one. */
  readonly event?: Event;
}

/** A link as GraphQL is handed it. */
export interface ShownLink extends Link {
  /** The time as of which it is shown, where there is one. */
  readonly asOf?: bigint | undefined;
}

/** A node whose links are asked for: those to what it was made of (`up`), and those to what it affects (`down`). */
export interface AskedNode extends NodeRef {
  readonly up: boolean;
  readonly down: boolean;
  /** True for a node to start from: a model, an experiment or a run of a pipeline then stands for what is in it. */
  readonly isStart?: boolean;
  /** True for a node that an earlier page has: nothing but its links is asked for. */
  readonly known?: boolean;
}

/** Reads the links of nodes, all of a level of a walk together. A link may come twice. */
export type ReadLinks = (asked: readonly AskedNode[]) => Promise<readonly Link[]>;

/** The node as the key of a map or set. */
export function keyOf({ type, id }: NodeRef): string {
  return `${type}:${id}`;
}

const TYPES: readonly RegistryNode[] = ['Artifact', 'Execution', 'Context'];

/** The order of nodes that lie equally far: artifacts, executions, contexts, each by id. */
export function compareNodes(a: NodeRef, b: NodeRef): number {
  if (a.type !== b.type) return TYPES.indexOf(a.type) - TYPES.indexOf(b.type);
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The link as the key of a map: the same for the same link, however often it is read. */
export function linkKey({ from, to, kind, event }: Link): string {
  return `${keyOf(from)}>${keyOf(to)} ${kind}${event?.type ?? ''}`;
}

/** An order of links that is the same whatever order a store tells them in: by their ends, then by what they are. */
export function compareLinks(a: Link, b: Link): number {
  return compareNodes(a.from, b.from) || compareNodes(a.to, b.to) || compareTypes(a, b);
}

function compareTypes(a: Link, b: Link): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return (a.event?.type ?? 0) - (b.event?.type ?? 0);
}
