import { compareNodes, type Link, type NodeRef } from '../graph.ts';
import { createNodeMap } from '../visits.ts';

/** A link as it is gone over: most in their own direction, those of a start node that stands for others either way. */
export interface Way {
  readonly from: NodeRef;
  readonly to: NodeRef;
  readonly link: Link;
}

/** The nodes that lie on a way between two nodes, as numbers in the order of nodes. */
export interface PathGraph {
  readonly start: number;
  readonly end: number;
  /** The nodes that each node leads to, ascending. */
  readonly next: readonly (readonly number[])[];
  /** How many links it takes at least from each node to the end. */
  readonly distance: Int32Array;
  /** True for each node that is on a cycle, or between two. */
  readonly isCyclic: Uint8Array;
  /** The way from a node to one of those that it leads to: of several links one. */
  readonly wayOf: (from: number, to: number) => Way | undefined;
}

/** The graph of all ways from one node to another, two different ones; undefined where none leads there. */
export function toPathGraph(ways: readonly Way[], from: NodeRef, to: NodeRef): PathGraph | undefined {
  const { nodes, out, into } = adjacency(ways, [from, to]);
  const [start, end] = [0, 1];
  const reached = distancesFrom(start, end, out);
  const distances = distancesFrom(end, start, into);
  if (distances[start] === undefined) return undefined;
  const kept = [...nodes.keys()]
    .filter((number) => reached[number] !== undefined && distances[number] !== undefined)
    .sort((a, b) => compareNodes(nodes[a] ?? from, nodes[b] ?? from));
  const places = new Map(kept.map((number, place) => [number, place]));
  const chosen = kept.map((number) => (number === end ? new Map<number, Way>() : waysTo(places, out[number] ?? [])));
  const next = chosen.map((each) => [...each.keys()].sort((a, b) => a - b));
  return {
    start: places.get(start) ?? 0,
    end: places.get(end) ?? 0,
    next,
    distance: Int32Array.from(kept, (number) => distances[number] ?? 0),
    isCyclic: cyclicPart(next),
    wayOf: (source, target) => chosen[source]?.get(target),
  };
}

/** A way to a node, which has a number. */
interface Leg {
  readonly to: number;
  readonly way: Way;
}

/** All nodes, numbered as they are met, those at both ends first; and the ways out of each and into each. */
function adjacency(ways: readonly Way[], ends: readonly NodeRef[]) {
  const numbers = createNodeMap<number>();
  const nodes: NodeRef[] = [];
  const out: Leg[][] = [];
  const into: Leg[][] = [];
  const numberOf = (node: NodeRef) => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    numbers.set(node, nodes.length);
    out.push([]);
    into.push([]);
    return nodes.push(node) - 1;
  };
  for (const node of ends) numberOf(node);
  for (const way of ways) {
    const [from, to] = [numberOf(way.from), numberOf(way.to)];
    out[from]?.push({ to, way });
    into[to]?.push({ to: from, way });
  }
  return { nodes, out, into };
}

/** The distance of each node that can be reached from one of them without going through another one. */
function distancesFrom(start: number, end: number, legs: readonly (readonly Leg[])[]): readonly (number | undefined)[] {
  const distances: (number | undefined)[] = legs.map(() => undefined);
  distances[start] = 0;
  const queue = [start];
  for (const number of queue) {
    if (number === end) continue;
    const distance = (distances[number] ?? 0) + 1;
    for (const { to } of legs[number] ?? []) {
      if (distances[to] !== undefined) continue;
      distances[to] = distance;
      queue.push(to);
    }
  }
  return distances;
}

/** One way to each of the nodes that have a place: of several between the same two, the first by its link's nature. */
function waysTo(places: ReadonlyMap<number, number>, legs: readonly Leg[]): Map<number, Way> {
  const chosen = new Map<number, Way>();
  for (const { to, way } of legs) {
    const place = places.get(to);
    if (place === undefined) continue;
    const other = chosen.get(place);
    if (!other || natureOf(way.link) < natureOf(other.link)) chosen.set(place, way);
  }
  return chosen;
}

function natureOf({ kind, derivedFrom, event }: Link): string {
  return `${derivedFrom} ${kind} ${event?.type ?? ''}`;
}

/** What is left when nodes that nothing leads to, and those that lead nowhere, are taken away again and again. */
function cyclicPart(next: readonly (readonly number[])[]): Uint8Array {
  const before: number[][] = next.map(() => []);
  next.forEach((targets, number) => {
    for (const target of targets) before[target]?.push(number);
  });
  const left = new Uint8Array(next.length).fill(1);
  peel(left, next, before);
  peel(left, before, next);
  return left;
}

function peel(left: Uint8Array, next: readonly (readonly number[])[], before: readonly (readonly number[])[]): void {
  const open = before.map((sources) => sources.reduce((count, source) => count + (left[source] ?? 0), 0));
  const free = open.flatMap((count, number) => (count === 0 && left[number] === 1 ? [number] : []));
  for (const number of free) {
    left[number] = 0;
    for (const target of next[number] ?? []) {
      open[target] = (open[target] ?? 0) - 1;
      if (open[target] === 0 && left[target] === 1) free.push(target);
    }
  }
}
