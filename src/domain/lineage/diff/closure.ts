import type { Value } from '../../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { keyOf, type LinkKind, type NodeRef } from '../graph.ts';

/** A node of a closure with all that is compared of it. */
export interface ClosureNode {
  readonly ref: NodeRef;
  /** The same as {@link keyOf} gives for `ref`. */
  readonly key: string;
  /** The name of its type. */
  readonly type: string;
  readonly name?: string | undefined;
  readonly uri?: string | undefined;
  /** MLMD's name of its state. */
  readonly state?: string | undefined;
  readonly properties: ReadonlyMap<string, Value>;
  readonly customProperties: ReadonlyMap<string, Value>;
  /** How many links it is away from the node whose closure it is. */
  readonly depth: number;
}

/** A link of a closure, between nodes by their keys. */
export interface ClosureLink {
  readonly from: string;
  readonly to: string;
  readonly kind: LinkKind;
  /** The place among the inputs or outputs, which is the first key of an event's path; empty where there is none. */
  readonly place: string;
}

/** All that a node was made of. */
export interface Closure {
  readonly root: NodeRef;
  /** The nodes by their keys. */
  readonly nodes: ReadonlyMap<string, ClosureNode>;
  readonly links: readonly ClosureLink[];
  /** What names the runs that it comes from: ids and names of runs. */
  readonly runMarks: readonly string[];
}

/** A node's neighbour, and the link to it. */
export interface Neighbour {
  readonly node: ClosureNode;
  readonly link: ClosureLink;
}

/** A closure in which the neighbours of each node are at hand. */
export interface IndexedClosure extends Closure {
  /** What a node was made of, by its key. */
  readonly sourcesOf: (key: string) => readonly Neighbour[];
  /** What was made of a node. */
  readonly usersOf: (key: string) => readonly Neighbour[];
}

/**
 * The closure with its neighbours. Of the executions that made an artifact, and those that were spared since it was there
 * already, only the ones are kept that are part of a run which the closure has, or else those that made it: or a run
 * would differ from another one by what it found in its cache.
 */
export function indexClosure(closure: Closure): IndexedClosure {
  const links = withoutSpared(closure);
  const into = Map.groupBy(links, ({ to }) => to);
  const kept = new Set([keyOf(closure.root)]);
  for (const key of kept) for (const { from } of into.get(key) ?? []) kept.add(from);
  const nodes = new Map([...closure.nodes].filter(([key]) => kept.has(key)));
  const keptLinks = links.filter(({ to }) => kept.has(to));
  const sources = neighbours(nodes, keptLinks, 'to', 'from');
  const users = neighbours(nodes, keptLinks, 'from', 'to');
  return {
    ...closure,
    nodes,
    links: keptLinks,
    sourcesOf: (key) => sources.get(key) ?? [],
    usersOf: (key) => users.get(key) ?? [],
  };
}

function withoutSpared({ nodes, links }: Closure): readonly ClosureLink[] {
  const isCached = ({ from }: ClosureLink) => nodes.get(from)?.state === 'CACHED';
  const outputs = links.filter(({ kind }) => kind === 'OUTPUT');
  if (!outputs.some(isCached)) return links;
  const parts = new Set(links.flatMap(({ kind, from }) => (kind === 'OUTPUT' ? [] : [from])));
  const isPart = ({ from }: ClosureLink) => parts.has(from);
  const spared = [...Map.groupBy(outputs, ({ to }) => to).values()].flatMap((made) => {
    const cached = made.filter(isCached);
    if (cached.length === 0 || cached.length === made.length) return [];
    return cached.some(isPart) ? made.filter((link) => !isPart(link)) : cached;
  });
  const isSpared = new Set(spared);
  return links.filter((link) => !isSpared.has(link));
}

/** What is at the other ends of the links at each node. */
function neighbours(
  nodes: ReadonlyMap<string, ClosureNode>,
  links: readonly ClosureLink[],
  at: 'from' | 'to',
  other: 'from' | 'to',
): ReadonlyMap<string, readonly Neighbour[]> {
  const byKey = new Map<string, Neighbour[]>();
  for (const link of links) {
    const node = nodes.get(link[other]);
    if (!node) continue;
    const list = byKey.get(link[at]);
    if (list) list.push({ node, link });
    else byKey.set(link[at], [{ node, link }]);
  }
  return byKey;
}
