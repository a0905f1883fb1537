import {
  type AskedNode,
  compareNodes,
  keyOf,
  type Link,
  linkKey,
  type NodeRef,
  type ReadLinks,
} from '../domain/lineage/graph.ts';

/** What a node was made of, with the links between. */
export interface Upstream {
  readonly root: NodeRef;
  /** How many links away each node is, by its key. */
  readonly nodes: ReadonlyMap<string, { readonly ref: NodeRef; readonly depth: number }>;
  /** The links that end at a visited node, each once. */
  readonly links: readonly Link[];
  /** How many nodes were found and left out, since there were too many. */
  readonly omitted: number;
}

/** A walk up from one of the roots. */
interface WalkUp {
  readonly root: NodeRef;
  readonly nodes: Map<string, { readonly ref: NodeRef; readonly depth: number }>;
  readonly links: Map<string, Link>;
  readonly leftOut: Set<string>;
  level: ReadonlyMap<string, NodeRef>;
}

/** All that each of the nodes was made of, at most `maxNodes` nodes; the nearest, one call for a level of all walks. */
export async function walkUp(
  readLinks: ReadLinks,
  roots: readonly NodeRef[],
  maxNodes: number,
): Promise<readonly Upstream[]> {
  const walks = roots.map(beginWalk);
  for (let depth = 1; walks.some(({ level }) => level.size > 0); depth += 1) {
    const links = await readLinks(askedBy(walks));
    for (const walk of walks) goUp(walk, links, depth, maxNodes);
  }
  return walks.map(({ root, nodes, links, leftOut }) => ({
    root,
    nodes,
    links: [...links.values()].filter(({ from }) => nodes.has(keyOf(from))),
    omitted: leftOut.size,
  }));
}

function beginWalk(root: NodeRef): WalkUp {
  const key = keyOf(root);
  return {
    root,
    nodes: new Map([[key, { ref: root, depth: 0 }]]),
    links: new Map(),
    leftOut: new Set(),
    level: new Map([[key, root]]),
  };
}

/** The levels of all walks together, each node once. */
function askedBy(walks: readonly WalkUp[]): readonly AskedNode[] {
  const asked = walks.flatMap(({ root, level }) =>
    [...level].map(([key, node]) => [key, { ...node, up: true, down: false, isStart: node === root }] as const),
  );
  return [...new Map(asked).values()].sort(compareNodes);
}

/** Goes on to what the nodes of the level were made of. */
function goUp(walk: WalkUp, links: readonly Link[], depth: number, maxNodes: number): void {
  const { nodes, leftOut, level } = walk;
  const found = new Map<string, NodeRef>();
  for (const link of links) {
    if (!level.has(keyOf(link.to))) continue;
    walk.links.set(linkKey(link), link);
    const key = keyOf(link.from);
    if (!nodes.has(key)) found.set(key, link.from);
  }
  const fresh = [...found].sort(([, a], [, b]) => compareNodes(a, b));
  const taken = fresh.slice(0, maxNodes - nodes.size);
  for (const [key, ref] of taken) nodes.set(key, { ref, depth });
  for (const [key] of fresh.slice(taken.length)) leftOut.add(key);
  walk.level = new Map(taken);
}
