import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import type { StoredNode } from '../domain/lineage/node-filter.ts';

/** The nodes without their properties, in their order; null where one is gone. One call for each kind, in chunks. */
export function storedNodes({ loaders }: Context, refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]> {
  return Promise.all(refs.map((ref) => storedNode(loaders, ref)));
}

/** The nodes with all their properties, in the same way. */
export function fullNodes({ loaders }: Context, refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]> {
  return Promise.all(refs.map((ref) => fullNode(loaders, ref)));
}

function storedNode(loaders: Context['loaders'], { type, id }: NodeRef): Promise<StoredNode | null> {
  if (type === 'Artifact') return loaders.artifact.load(id);
  return type === 'Execution' ? loaders.execution.load(id) : loaders.context.load(id);
}

function fullNode(loaders: Context['loaders'], { type, id }: NodeRef): Promise<StoredNode | null> {
  if (type === 'Artifact') return full(loaders.artifact, id);
  return type === 'Execution' ? full(loaders.execution, id) : full(loaders.context, id);
}

async function full<Node>(loader: Full<Node>, id: bigint): Promise<Node | null> {
  const node = await loader.load(id);
  return node && loader.withProperties(node, null);
}

/** As much of a loader of nodes as this takes. */
interface Full<Node> {
  load(id: bigint): Promise<Node | null>;
  withProperties(node: Node, names: null): Node | Promise<Node>;
}
