import type { Context } from '../context.ts';
import type { LineagePage } from './lineage.ts';
import { storedNodes } from './stored-nodes.ts';

/** How far a page as of a time is what it would have been then; null for one of now. */
export async function fidelityOf(context: Context, { nodes, edges, asOf }: LineagePage) {
  if (asOf === undefined) return null;
  if (edges.some(({ event }) => event?.millisecondsSinceEpoch === undefined)) return 'CURRENT_VALUES';
  const stored = await storedNodes(context, nodes);
  const isChanged = stored.some((node) => (node?.lastUpdateTimeSinceEpoch ?? 0n) > asOf);
  return isChanged ? 'NODES_AND_EVENTS' : 'EXACT';
}
