import type { PathGraph } from './path-graph.ts';

/** How far a search of paths goes. */
export interface PathBounds {
  /** How many paths are wanted. */
  readonly first: number;
  /** How many links a path may have. */
  readonly maxLength?: number;
  /** How many steps the search may take; a step is a look at one link. */
  readonly maxSteps?: number;
}

/** What a search found. */
export interface FoundPaths {
  /** The nodes of each path, by their numbers. */
  readonly paths: readonly (readonly number[])[];
  /** False where the search took too many steps: then shorter ones were all found, and longer ones may be missing. */
  readonly complete: boolean;
}

/** Some tens of milliseconds of work. Only graphs in which most ways run into themselves need so many. */
const MAX_STEPS = 5_000_000;

interface Search {
  readonly graph: PathGraph;
  readonly onPath: Uint8Array;
  stepsLeft: number;
}

/**
 * The shortest simple paths from the start to the end of the graph: by their lengths, those of one length by their
 * nodes. Paths of one length after the other, depth first: as the distance to the end is known, no way is followed
 * that ends without a path, and nothing is kept but the way itself, however many paths there are.
 */
export function shortestPaths(graph: PathGraph, bounds: PathBounds): FoundPaths {
  const { first, maxLength = Number.POSITIVE_INFINITY, maxSteps = MAX_STEPS } = bounds;
  const search: Search = { graph, onPath: new Uint8Array(graph.next.length), stepsLeft: maxSteps };
  const paths: (readonly number[])[] = [];
  let length = graph.distance[graph.start] ?? Number.POSITIVE_INFINITY;
  while (paths.length < first && length <= maxLength && length < Number.POSITIVE_INFINITY) {
    length = addPaths(search, length, first, paths);
    if (search.stepsLeft < 0) return { paths, complete: false };
  }
  return { paths, complete: true };
}

/** Adds the paths of exactly this length, up to `first` in all. Gives the least length that the next ones can have. */
function addPaths(search: Search, length: number, first: number, paths: (readonly number[])[]): number {
  const { graph, onPath } = search;
  const way = [graph.start];
  const turns = [0];
  // The least distance to the end of all nodes on the way up to each.
  const closest = [graph.distance[graph.start] ?? 0];
  onPath.fill(0);
  onPath[graph.start] = 1;
  let nextLength = Number.POSITIVE_INFINITY;
  while (way.length > 0 && search.stepsLeft >= 0) {
    const node = way[way.length - 1] ?? 0;
    const turn = turns[turns.length - 1] ?? 0;
    const target = graph.next[node]?.[turn];
    if (target === undefined) {
      onPath[node] = 0;
      for (const stack of [way, turns, closest]) stack.pop();
      continue;
    }
    turns[turns.length - 1] = turn + 1;
    search.stepsLeft -= 1;
    if (onPath[target] === 1) continue;
    const before = closest[closest.length - 1] ?? 0;
    const least = way.length + leastFrom(search, node, target, before, length - way.length);
    if (least > length) nextLength = Math.min(nextLength, least);
    else if (target !== graph.end) {
      onPath[target] = 1;
      way.push(target);
      turns.push(0);
      closest.push(Math.min(before, graph.distance[target] ?? 0));
    } else if (way.length === length) {
      // A shorter one was found before.
      paths.push([...way, target]);
      if (paths.length === first) return nextLength;
    }
  }
  return nextLength;
}

/**
 * How many links it takes at least from a node, the next one on the way, to the end, without meeting the way again.
 * `before` is the least distance to the end of all nodes on the way.
 */
function leastFrom(search: Search, node: number, target: number, before: number, wanted: number): number {
  const { distance, isCyclic } = search.graph;
  const least = distance[target] ?? 0;
  if (least > wanted || isCyclic[node] === 0 || isCyclic[target] === 0) return least;
  return isFree(search, target, before) ? least : aroundTheWay(search, target);
}

/** Whether one of the shortest ways from a node, the first at each turn, does not meet the way so far. */
function isFree(search: Search, from: number, before: number): boolean {
  const { next, distance, isCyclic } = search.graph;
  let node: number | undefined = from;
  // Closer to the end than all of the way, or with all cycles behind it, it cannot meet it any more.
  while (node !== undefined && isCyclic[node] === 1 && (distance[node] ?? 0) >= before) {
    if (search.onPath[node] === 1) return false;
    const closer: number = (distance[node] ?? 0) - 1;
    node = next[node]?.find((each) => distance[each] === closer);
    search.stepsLeft -= 1;
  }
  return true;
}

/** The distance to the end around the way, breadth first; infinite where there is none. */
function aroundTheWay(search: Search, from: number): number {
  const { next, end } = search.graph;
  const distances = new Map([[from, 0]]);
  for (const [node, distance] of distances) {
    for (const target of next[node] ?? []) {
      search.stepsLeft -= 1;
      if (target === end) return distance + 1;
      if (search.onPath[target] === 0 && !distances.has(target)) distances.set(target, distance + 1);
    }
    if (search.stepsLeft < 0) return Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
