import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import type { StoredNode } from '../domain/lineage/node-filter.ts';

/** The nodes without their properties, in their order; null where one is gone. One call for each kind, in chunks. */
export function storedNodes({ loaders }: Context, refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]> {
  return Promise.all(refs.map((ref) => storedNode(loaders, ref)));
}

function storedNode(loaders: Context['loaders'], { type, id }: NodeRef): Promise<StoredNode | null> {
  if (type === 'Artifact') return loaders.artifact.load(id);
  return type === 'Execution' ? loaders.execution.load(id) : loaders.context.load(id);
}
