import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import type { StoredNode } from '../domain/lineage/node-filter.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';

/** The nodes without their properties, in their order; null where one is gone. One call for each kind, in chunks. */
export async function storedNodes(
  { loaders }: Context,
  refs: readonly NodeRef[],
): Promise<readonly (StoredNode | null)[]> {
  const idsOf = (type: RegistryNode) => refs.flatMap((ref) => (ref.type === type ? [ref.id] : []));
  const [artifacts, executions, contexts] = await Promise.all([
    loaders.artifact.loadAll(idsOf('Artifact')),
    loaders.execution.loadAll(idsOf('Execution')),
    loaders.context.loadAll(idsOf('Context')),
  ]);
  const found = { Artifact: artifacts.values(), Execution: executions.values(), Context: contexts.values() };
  return refs.map(({ type }) => found[type].next().value ?? null);
}

/** The nodes with all their properties, in the same way. */
export async function fullNodes(context: Context, refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]> {
  const nodes = await storedNodes(context, refs);
  return Promise.all(nodes.map((node, index) => node && withProperties(context, refs[index]?.type, node)));
}

async function withProperties({ loaders }: Context, type: RegistryNode | undefined, node: StoredNode) {
  if (type === 'Artifact') return loaders.artifact.withProperties(node, null);
  return type === 'Execution'
    ? loaders.execution.withProperties(node, null)
    : loaders.context.withProperties(node, null);
}
