import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import type { StoredNode } from '../domain/lineage/node-filter.ts';
import type { RegistryNode } from '../domain/registry-kinds.ts';

/** The nodes without their properties, in their order; null where one is gone. One call for each kind, in chunks. */
export async function storedNodes(
  { loaders: { artifact, execution, context } }: Context,
  refs: readonly NodeRef[],
): Promise<readonly (StoredNode | null)[]> {
  const ids = idsOf(refs);
  return inOrder(
    refs,
    await Promise.all([artifact.loadAll(ids.Artifact), execution.loadAll(ids.Execution), context.loadAll(ids.Context)]),
  );
}

/** The nodes with all their properties, in the same way. */
export async function fullNodes(
  { loaders: { artifact, execution, context } }: Context,
  refs: readonly NodeRef[],
): Promise<readonly (StoredNode | null)[]> {
  const ids = idsOf(refs);
  return inOrder(
    refs,
    await Promise.all([
      artifact.loadAllWhole(ids.Artifact),
      execution.loadAllWhole(ids.Execution),
      context.loadAllWhole(ids.Context),
    ]),
  );
}

function idsOf(refs: readonly NodeRef[]): Readonly<Record<RegistryNode, readonly bigint[]>> {
  const ids: Record<RegistryNode, bigint[]> = { Artifact: [], Execution: [], Context: [] };
  for (const { type, id } of refs) ids[type].push(id);
  return ids;
}

function inOrder(
  refs: readonly NodeRef[],
  [artifacts, executions, contexts]: readonly (readonly (StoredNode | null)[])[],
): readonly (StoredNode | null)[] {
  const found = { Artifact: artifacts?.values(), Execution: executions?.values(), Context: contexts?.values() };
  return refs.map(({ type }) => found[type]?.next().value ?? null);
}
