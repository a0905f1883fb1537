import { type AskedNode, compareNodes, keyOf, type NodeRef, type ReadLinks } from '../domain/lineage/graph.ts';
import { type PathGraph, toPathGraph, type Way } from '../domain/lineage/paths/path-graph.ts';
import { shortestPaths } from '../domain/lineage/paths/shortest-paths.ts';
import { stepOver } from '../domain/lineage/visits.ts';

/** How many paths are wanted, and how many nodes may be visited for them. */
export interface PathBounds {
  readonly first: number;
  readonly maxVisited?: number;
}

/** The shortest paths between two nodes. */
export interface FoundPaths {
  /** The ways of each path, in their order; none for the path from a node to itself. */
  readonly paths: readonly (readonly Way[])[];
  /** Whether there are more paths than `first`, as far as the visited nodes tell. */
  readonly hasMore: boolean;
  /** True where these are the shortest paths for certain. */
  readonly complete: boolean;
  /** How many nodes had their links read. */
  readonly visited: number;
  /** How many nodes were met and not visited where a bound ended the walk. */
  readonly omitted: number;
}

const MAX_VISITED = 20_000;

/** Nodes may have any number of links; so many can be held, and be looked at in a second. */
const MAX_WAYS = 500_000;

/** One of the two walks: down from the one end, or up from the other. */
interface Side {
  readonly direction: 'up' | 'down';
  /** Where the walk begins, and the other end, at which every simple path is over. */
  readonly start: NodeRef;
  readonly end: NodeRef;
  readonly met: Set<string>;
  frontier: readonly NodeRef[];
  /** How many levels are visited as a whole. */
  levels: number;
}

interface Search {
  readonly readLinks: ReadLinks;
  readonly bounds: PathBounds;
  readonly down: Side;
  readonly up: Side;
  readonly ways: Way[];
  visited: number;
}

/**
 * The shortest simple paths in the direction of data flow, by length and then by their nodes. It walks from both ends,
 * a level at a time, one call of `readLinks` for each, always at the side that has fewer nodes to visit, until the
 * paths are known to be the shortest ones, or one side has come to its end and with it knows all of them. Of
 * several links between the same two nodes a path has one. A node leads to itself by one path, which has no links.
 */
export async function findPaths(
  readLinks: ReadLinks,
  from: NodeRef,
  to: NodeRef,
  bounds: PathBounds,
): Promise<FoundPaths> {
  if (keyOf(from) === keyOf(to)) return { paths: [[]], hasMore: false, complete: true, visited: 0, omitted: 0 };
  const [down, up] = [beginSide('down', from, to), beginSide('up', to, from)];
  const search: Search = { readLinks, bounds, down, up, ways: [], visited: 0 };
  let judgedAt = 0;
  while (!isExhausted(search) && placesLeft(search) > 0) {
    await visitLevel(search, nextSide(search));
    // A look at the paths takes longer the more was visited: it is worth it only when much is new.
    if (search.visited < judgedAt * 1.25 || !haveMet(search)) continue;
    judgedAt = search.visited;
    const judged = judge(search);
    if (judged.complete) return judged;
  }
  return judge(search);
}

function beginSide(direction: Side['direction'], start: NodeRef, end: NodeRef): Side {
  return { direction, start, end, met: new Set([keyOf(start)]), frontier: [start], levels: 0 };
}

/**
 * Whether a side has nothing left to visit: then it has seen all links of all paths. But what a start node stands for is
 * told by itself alone, so that both are to be visited.
 */
function isExhausted({ down, up }: Search): boolean {
  return [down, up].some(({ frontier }) => frontier.length === 0) && down.levels > 0 && up.levels > 0;
}

/** How many nodes may still be visited. */
function placesLeft({ bounds: { maxVisited = MAX_VISITED }, visited, ways }: Search): number {
  return ways.length < MAX_WAYS ? maxVisited - visited : 0;
}

function nextSide({ down, up }: Search): Side {
  if (down.levels === 0 || up.levels === 0) return down.levels === 0 ? down : up;
  return up.frontier.length < down.frontier.length ? up : down;
}

function haveMet({ down, up }: Search): boolean {
  const [few, many] = down.met.size < up.met.size ? [down.met, up.met] : [up.met, down.met];
  for (const key of few) if (many.has(key)) return true;
  return false;
}

/** Visits the frontier of a side, or as much of it as the bound lets. */
async function visitLevel(search: Search, side: Side): Promise<void> {
  const { direction, start, end, met, frontier } = side;
  const visited = frontier.slice(0, placesLeft(search));
  const asked = visited.map(
    (node): AskedNode => ({ ...node, up: direction === 'up', down: direction === 'down', isStart: node === start }),
  );
  const next: NodeRef[] = [];
  for (const way of await waysFrom(search, asked)) {
    search.ways.push(way);
    const node = direction === 'up' ? way.from : way.to;
    const key = keyOf(node);
    if (met.has(key)) continue;
    met.add(key);
    if (key !== keyOf(end)) next.push(node);
  }
  search.visited += visited.length;
  side.frontier = [...frontier.slice(visited.length), ...next.sort(compareNodes)];
  if (visited.length === frontier.length) side.levels += 1;
}

/** The ways that go on from nodes, or that come to them, which of both is asked. */
async function waysFrom({ readLinks }: Search, asked: readonly AskedNode[]): Promise<readonly Way[]> {
  const byKey = new Map(asked.map((node) => [keyOf(node), node]));
  return (await readLinks(asked)).flatMap((link) =>
    [byKey.get(keyOf(link.from)), byKey.get(keyOf(link.to))].flatMap((at): Way[] => {
      const step = at && stepOver(link, at);
      if (!at || !step) return [];
      return at.up ? [{ from: step.to, to: at, link }] : [{ from: at, to: step.to, link }];
    }),
  );
}

/** The paths in what was visited, and whether any that is not there could be as short. */
function judge(search: Search): FoundPaths {
  const { down, up, bounds, ways, visited } = search;
  const isWhole = isExhausted(search);
  const graph = toPathGraph(ways, down.start, up.start);
  // One more than wanted tells whether there are more.
  const { paths, complete } = graph ? shortestPaths(graph, { first: bounds.first + 1 }) : { paths: [], complete: true };
  const shown = paths.slice(0, bounds.first).map((path) => (graph ? waysOf(graph, path) : []));
  const hasMore = paths.length > bounds.first;
  // A path with so many links has each of them in a level that one of the sides has visited as a whole.
  const isCertain = hasMore && (shown.at(-1)?.length ?? 0) <= down.levels + up.levels;
  return {
    paths: shown,
    hasMore,
    complete: isCertain || (isWhole && complete),
    visited,
    omitted: isWhole || isCertain ? 0 : new Set([...down.frontier, ...up.frontier].map(keyOf)).size,
  };
}

function waysOf(graph: PathGraph, path: readonly number[]): Way[] {
  return path.slice(1).flatMap((node, index) => graph.wayOf(path[index] ?? -1, node) ?? []);
}
