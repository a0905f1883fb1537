import { type Graph, type GraphNode, nodeName, nodeRef, nodeState } from './lineage-graph.ts';
import { harmless, painted } from './output/cell.ts';
import { cutLine } from './output/cut.ts';
import { paint } from './output/paint.ts';
import { type Branch, drawTree } from './output/tree.ts';

/** Which way a tree goes from its root. */
export type Way = 'up' | 'down';

const HEADINGS = { up: 'made from', down: 'affects' } as const;

/** States that go without saying. */
const USUAL: ReadonlySet<string> = new Set(['LIVE', 'COMPLETE', 'UNKNOWN']);

/**
 * The lineage as a tree whose root is its first node. Each node is unfolded where it comes first; where it comes again,
 * a reference stands in its place. Nodes that no way leads to from the root get trees of their own.
 */
export function lineageTree({ nodes, edges }: Graph, ways: readonly Way[]): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const drawn = new Set<string>();
  const next = {
    up: nextNodes(
      byId,
      edges.map(({ from, to }) => [to.id, from.id]),
    ),
    down: nextNodes(
      byId,
      edges.map(({ from, to }) => [from.id, to.id]),
    ),
  };
  const branch = (node: GraphNode, way: Way): Branch => {
    const isAgain = drawn.has(`${way} ${node.id}`) && (next[way].get(node.id)?.length ?? 0) > 0;
    drawn.add(`${way} ${node.id}`).add(node.id);
    return {
      text: `${nodeText(node)}${isAgain ? paint('faint', ' (see above)') : ''}`,
      below: () => (isAgain ? [] : unfold(node, way)),
    };
  };
  // Made one by one as the tree is drawn, so that what comes first in the drawing is what is unfolded.
  const unfold = (node: GraphNode, way: Way): Branch[] =>
    (next[way].get(node.id) ?? []).map((each) => lazily(() => branch(each, way)));
  const root = (node: GraphNode): Branch => {
    drawn.add(node.id);
    const [only] = ways;
    const headed = ways
      .filter((way) => next[way].has(node.id))
      .map((way) => ({ text: paint('link', HEADINGS[way]), below: () => unfold(node, way) }));
    return { text: nodeText(node), below: () => (ways.length === 1 && only ? unfold(node, only) : headed) };
  };
  const lines: string[] = [];
  for (const node of nodes) if (!drawn.has(node.id)) lines.push(...drawTree(root(node)));
  return lines.map(cutLine).join('\n');
}

/** A branch that is made when it is first looked at. */
function lazily(make: () => Branch): Branch {
  let made: Branch | undefined;
  const get = () => {
    made ??= make();
    return made;
  };
  return {
    get text() {
      return get().text;
    },
    below: () => get().below(),
  };
}

function nextNodes(byId: ReadonlyMap<string, GraphNode>, pairs: readonly (readonly [string, string])[]) {
  const next = new Map<string, GraphNode[]>();
  for (const [from, to] of pairs) {
    const node = byId.get(to);
    if (!node) continue;
    const known = next.get(from) ?? [];
    if (!known.includes(node)) next.set(from, [...known, node]);
  }
  return next;
}

function nodeText(node: GraphNode): string {
  const state = nodeState(node);
  const told = state === null || USUAL.has(state) ? '' : ` ${painted(state, 'state')}`;
  return `${paint('strong', harmless(nodeName(node)))}  ${harmless(node.kind)} ${paint('faint', nodeRef(node))}${told}`;
}
