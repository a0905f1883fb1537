import type { Event } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { RegistryNode } from '../registry-kinds.ts';
import { type AskedNode, compareNodes, type Link, type LinkKind, type NodeRef } from './graph.ts';

/** A node that a walk has found. */
export interface Visit extends NodeRef {
  /** Another one for each node of a walk, from 0. */
  readonly number: number;
  readonly depth: number;
  readonly isStart: boolean;
  /** The link over which it was found first; undefined for a start node. */
  readonly via: Link | undefined;
  /** In which ways the walk goes on from it. */
  up: boolean;
  down: boolean;
  /** `seen` at the other end of a link, `visited`, or `absent`: not there for this walk. */
  is: 'seen' | 'visited' | 'absent';
  /** True where the walk does not go on from it, whatever way it comes. */
  isClosed: boolean;
  /** True where a page before had it. */
  known: boolean;
  /** Links from or to nodes that were visited before it is. */
  pending: Link[];
}

/** Nodes by what they are in MLMD. */
export interface NodeMap<Value> {
  get(node: NodeRef): Value | undefined;
  set(node: NodeRef, value: Value): void;
}

/** A map whose keys are nodes, for walks that pass millions of them. */
export function createNodeMap<Value>(): NodeMap<Value> {
  const byType: Readonly<Record<RegistryNode, Map<bigint, Value>>> = {
    Artifact: new Map(),
    Execution: new Map(),
    Context: new Map(),
  };
  return {
    get: ({ type, id }) => byType[type].get(id),
    set: ({ type, id }, value) => void byType[type].set(id, value),
  };
}

/** A node that was just found. */
export function newVisit({ type, id }: NodeRef, found: Pick<Visit, 'number' | 'depth' | 'isStart' | 'via'>): Visit {
  return { type, id, ...found, up: false, down: false, is: 'seen', isClosed: false, known: false, pending: [] };
}

/** A way to go from the node at one end of a link. */
export interface Step {
  readonly to: NodeRef;
  readonly up: boolean;
  readonly down: boolean;
}

/** Where a walk goes from a node over one of its links, and which way from there. */
export function stepOver(link: Link, at: AskedNode): Step | undefined {
  const isTo = isSame(link.to, at);
  const other = isTo ? link.from : link.to;
  // What a model that is a start node affects is what its versions affect; a context is gone through whatever the way.
  const isContainer = link.kind === 'MEMBER_OF' || (isTo && link.kind === 'VERSION_OF' && at.isStart);
  if (isContainer) return { to: other, up: at.up, down: at.down };
  return (isTo ? at.up : at.down) ? { to: other, up: isTo, down: !isTo } : undefined;
}

function isSame(a: NodeRef, b: NodeRef): boolean {
  return a.id === b.id && a.type === b.type;
}

/** Nodes in the order in which a walk visits those of one depth. */
export function inOrder<Node extends NodeRef>(nodes: Iterable<Node>): Node[] {
  return [...nodes].sort(compareNodes);
}

/** Links that were met; each is new once, however often it is read. */
export interface SeenLinks {
  /** Whether this is the first time that the link between these two nodes is met. */
  isNew(link: Link, from: Visit, to: Visit): boolean;
}

/** More nodes than a walk can hold. */
const MAX_VISITS = 2 ** 26;

/** Nothing was met yet. A pair of nodes is one number: texts of thousands of links are most of the garbage of a walk. */
export function createSeenLinks(): SeenLinks {
  const byKind = new Map<LinkKind, Map<Event['type'], Set<number>>>();
  return {
    isNew({ kind, event }, from, to) {
      const byType = byKind.get(kind) ?? new Map<Event['type'], Set<number>>();
      const pairs = byType.get(event?.type) ?? new Set();
      byKind.set(kind, byType.set(event?.type, pairs));
      return pairs.size < pairs.add(from.number * MAX_VISITS + to.number).size;
    },
  };
}
