import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import { fits, type NodeFilter, needsNode, STATE, type StoredNode } from '../domain/lineage/node-filter.ts';
import { storedNodes } from './stored-nodes.ts';
import type { Judge } from './walk.ts';

/** Says which nodes fit a filter; their values are read only where the filter is about them. */
export function fitting(context: Context, filter: NodeFilter): Judge {
  return async (refs) => {
    const nodes = needsNode(filter) ? await valuesOf(context, refs, filter) : refs.map(() => null);
    return refs.map((ref, index) => fits(filter, ref, nodes[index] ?? null));
  };
}

/** Says which nodes do not fit it. */
export function notFitting(context: Context, filter: NodeFilter): Judge {
  const judge = fitting(context, filter);
  return async (refs) => (await judge(refs)).map((verdict) => !verdict);
}

/** Says which nodes were there at a time. */
export function createdBy(context: Context, time: bigint): Judge {
  return async (refs) =>
    (await storedNodes(context, refs)).map((node) => node !== null && (node.createTimeSinceEpoch ?? 0n) <= time);
}

async function valuesOf(
  context: Context,
  refs: readonly NodeRef[],
  { states }: NodeFilter,
): Promise<readonly (StoredNode | null)[]> {
  const nodes = await storedNodes(context, refs);
  if (!states) return nodes;
  const { withProperties } = context.loaders.context;
  return Promise.all(
    nodes.map((node, index) =>
      node && refs[index]?.type === 'Context' && 'properties' in node ? withProperties(node, [STATE]) : node,
    ),
  );
}
