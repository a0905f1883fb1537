import type { CompletenessFragment, LineageNodeRowFragment, LineageQuery } from '../generated/cli-operations.ts';
import type { Noun } from './output/field.ts';

/** A node of a lineage. */
export type GraphNode = LineageNodeRowFragment;

type LineagePage = LineageQuery['lineage'];

/** A link, by the global ids of its ends. */
export type GraphEdge = LineagePage['edges'][number];

/** As much of a lineage as was read, in one page or several. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly completeness: CompletenessFragment;
}

/** A node as `artifact:19`. */
export function nodeRef(node: GraphNode): string {
  return 'databaseId' in node ? `${node.__typename.toLowerCase()}:${node.databaseId}` : node.id;
}

/** What people call it; a version with its model, since all models have a `v1`. */
export function nodeName(node: GraphNode): string {
  const model = node.__typename === 'Context' ? modelOf(node.registered) : undefined;
  return model === undefined ? node.label : `${model}/${node.label}`;
}

function modelOf(registered: (GraphNode & { readonly __typename: 'Context' })['registered']): string | undefined {
  return registered && 'registeredModel' in registered ? (registered.registeredModel?.name ?? undefined) : undefined;
}

/** The state of an artifact or execution; null of a context, which has none. */
export function nodeState(node: GraphNode): string | null {
  if (node.__typename === 'Artifact') return node.artifactState;
  return node.__typename === 'Execution' ? node.executionState : null;
}

/** A node of a lineage in a list. */
export const lineageNode: Noun<GraphNode> = {
  singular: 'node',
  plural: 'nodes',
  ref: nodeRef,
  fields: [
    { name: 'node', heading: 'NODE', of: nodeRef },
    { name: 'kind', heading: 'KIND', of: ({ kind }) => kind },
    { name: 'name', heading: 'NAME', as: 'name', of: nodeName },
    { name: 'state', heading: 'STATE', as: 'state', of: nodeState },
    { name: 'uri', of: (node) => (node.__typename === 'Artifact' ? node.uri : null) },
    { name: 'id', of: ({ id }) => id },
  ],
};

/** The pages as one graph. How complete it is, the last page says. */
export function toGraph(pages: readonly [LineagePage, ...LineagePage[]]): Graph {
  const last = pages.at(-1) ?? pages[0];
  return {
    nodes: pages.flatMap(({ nodes }) => nodes),
    edges: pages.flatMap(({ edges }) => edges),
    completeness: { ...last.completeness, withheld: pages.some(({ completeness }) => completeness.withheld) },
  };
}

/** Says on stderr what was left out, why, and how to go on; nothing where all is there. */
export function sayLeftOut(pages: readonly { readonly completeness: CompletenessFragment }[]): void {
  if (pages.some((page) => page.completeness.withheld)) console.error(WITHHELD);
  const completeness = pages.at(-1)?.completeness;
  if (!completeness || completeness.complete) return;
  const { reason, omittedNodes, cursor } = completeness;
  const seen =
    omittedNodes === 0
      ? 'There is more'
      : `${omittedNodes} more ${omittedNodes === 1 ? 'node was' : 'nodes were'} seen`;
  const why = REASONS[reason ?? ''] ?? String(reason);
  const next = cursor === null ? '' : ' --continue goes on to the end.';
  console.error(`${seen} and left out: ${why}.${next}`);
}

/** What is said where the server left something out. */
export const WITHHELD = 'What you may not see was left out, and what is known only through it.';

const REASONS: Readonly<Record<string, string>> = {
  MAX_DEPTH: 'they lie deeper than --depth',
  MAX_NODES: 'there are more than --limit',
  MAX_EDGES: 'there are more links than one answer may have',
};
