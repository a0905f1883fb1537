import type { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

/** A random graph: how many artifacts and executions it has, and events between them by their indexes. */
export interface Graph {
  readonly artifacts: number;
  readonly executions: number;
  readonly events: readonly { readonly artifact: number; readonly execution: number; readonly type: Event_Type }[];
}

/** A link of the model: the ids of its ends, in the direction of the data, and its text. */
export interface ModelLink {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** What is asked of a graph. */
export interface Question {
  readonly links: readonly ModelLink[];
  /** All nodes in the order of those that lie equally far. */
  readonly ordered: readonly string[];
  readonly of: readonly string[];
  readonly ways: readonly Way[];
  readonly shows: (id: string) => boolean;
  readonly stops: (id: string) => boolean;
}

/** Up to the ancestors, or down to the descendants. */
export type Way = 'up' | 'down';

/** What a page has to be. */
export interface ModelPage {
  readonly nodes: readonly string[];
  readonly reason: string | null;
  readonly omittedNodes: number;
  /** The links of all pages up to this one. */
  readonly links: ReadonlySet<string>;
}

/** The closure of a question, by two plain searches, and its pages. */
export function createModel(question: Question) {
  const { links, ordered, of, ways, shows, stops } = question;
  const distances = ways.map((way) => ({ way, at: distancesFrom(question, way) }));
  const depthOf = (id: string) => Math.min(...distances.map(({ at }) => at.get(id) ?? Number.POSITIVE_INFINITY));
  const reached = ordered.filter((id) => depthOf(id) < Number.POSITIVE_INFINITY);
  const nodes = reached.sort((a, b) => depthOf(a) - depthOf(b) || ordered.indexOf(a) - ordered.indexOf(b));
  const opens = (id: string) => of.includes(id) || !stops(id);

  /** The links that are known once all visited nodes no farther than `depth` were gone on from. */
  function knownAt(visited: ReadonlySet<string>, depth: number): readonly ModelLink[] {
    return links.filter((link) =>
      distances.some(({ way, at }) => {
        const here = way === 'up' ? link.to : link.from;
        return visited.has(here) && opens(here) && (at.get(here) ?? Number.POSITIVE_INFINITY) <= depth;
      }),
    );
  }

  let visited: ReadonlySet<string> = new Set();
  let base = 0;
  let reachedDepth = 0;

  /** The next page. */
  function next(maxNodes: number, maxDepth: number): ModelPage {
    const isFirst = visited.size === 0;
    const bound = Math.max(base + (isFirst ? maxDepth : Math.max(1, maxDepth)), reachedDepth);
    const rest = nodes.filter((id) => !visited.has(id) && depthOf(id) <= bound);
    let end = 0;
    for (let shown = 0; end < rest.length && shown < maxNodes; end += 1) if (shows(rest[end] ?? '')) shown += 1;
    const taken = rest.slice(0, end);
    const following = rest[end];
    visited = new Set([...visited, ...taken]);
    const isDeeper = distances.some(({ at }) =>
      [...at].some(([id, depth]) => depth > bound && (opens(id) || !visited.has(id))),
    );
    const reason = following !== undefined ? 'MAX_NODES' : isDeeper ? 'MAX_DEPTH' : null;
    const last = depthOf(taken.at(-1) ?? '');
    const depth = following === undefined ? bound : last === depthOf(following) ? last : depthOf(following) - 1;
    if (reason === 'MAX_DEPTH') base = bound;
    reachedDepth = depth;
    const known = knownAt(visited, depth);
    const isIn = (link: ModelLink) => visited.has(link.from) && visited.has(link.to);
    const seen = new Set(known.flatMap(({ from, to }) => [from, to]).filter((id) => !visited.has(id)));
    for (const id of rest.slice(end)) if (depthOf(id) === depthOf(following ?? '')) seen.add(id);
    return {
      nodes: taken.filter(shows),
      reason,
      omittedNodes: seen.size,
      links: new Set(known.filter(isIn).map(({ text }) => text)),
    };
  }

  return { nodes: nodes.filter(shows), next };
}

/** How many links each node lies from the start, going one way. */
function distancesFrom({ links, of, stops }: Question, way: Way): ReadonlyMap<string, number> {
  const found = new Map(of.map((id) => [id, 0]));
  for (const [id, depth] of found) {
    if (stops(id) && !of.includes(id)) continue;
    for (const link of links) {
      const [here, there] = way === 'up' ? [link.to, link.from] : [link.from, link.to];
      if (here === id && !found.has(there)) found.set(there, depth + 1);
    }
  }
  return found;
}
