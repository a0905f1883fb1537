import type { Context } from '../context.ts';
import type { LineagePage } from './lineage.ts';
import { storedNodes } from './stored-nodes.ts';

/** How far a page as of a time is what it would have been then; null for one of now. */
export async function fidelityOf(context: Context, { nodes, edges, asOf, looksAtStates }: LineagePage) {
  if (asOf === undefined) return null;
  const isUntimed = edges.some(({ event }) => event?.millisecondsSinceEpoch === undefined);
  if (looksAtStates || isUntimed || (await mayHaveLinkedOtherwise(context, asOf))) return 'CURRENT_VALUES';
  const stored = await storedNodes(context, nodes);
  const isChanged = stored.some((node) => (node?.lastUpdateTimeSinceEpoch ?? 0n) > asOf);
  return isChanged ? 'NODES_AND_EVENTS' : 'EXACT';
}

/** A link that followed from a value of then, and is none any more, leaves no trace: what was written since may be it. */
async function mayHaveLinkedOtherwise({ loaders: { walk } }: Context, asOf: bigint): Promise<boolean> {
  return (await walk.hasRegistry()) && walk.isRegistryNewerThan(asOf);
}
