import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import { RegistryError } from '../errors.ts';
import { storedNodes } from './stored-nodes.ts';

/** Reads the nodes of arguments, by their names. NOT_FOUND where one of them is not there. */
export async function expectStored(context: Context, nodes: Readonly<Record<string, NodeRef>>): Promise<void> {
  const stored = await storedNodes(context, Object.values(nodes));
  Object.entries(nodes).forEach(([argument, { type, id }], index) => {
    if (stored[index]) return;
    const message = `'${argument}' is the id of ${type.toLowerCase()} ${id}, which is not there.`;
    throw new RegistryError('NOT_FOUND', message, { argument });
  });
}
