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
