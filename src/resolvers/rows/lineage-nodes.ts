import type { GraphQLResolveInfo } from 'graphql';

import type { Context } from '../../context.ts';
import type { NodeRef, ShownNode } from '../../domain/lineage/graph.ts';
import { toKindName, toLabel } from '../../domain/lineage/kind-name.ts';
import type { RegistryKindName, RegistryNode } from '../../domain/registry-kinds.ts';
import { toTime } from '../../domain/time.ts';
import { storedNodes } from '../../lineage/stored-nodes.ts';
import { asksForIdAlone } from './fragments.ts';
import { showNode, shownNode, shownType } from './shown-node.ts';

interface Stored {
  readonly id?: bigint | undefined;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly uri?: string | undefined;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
}

/** The time as of which a node is shown, where it is shown as of one. */
const shownAsOf = new WeakMap<object, bigint>();

/** The fields that every node has in a lineage. */
export const LINEAGE_FIELDS = {
  kind: ({ type }: Stored) => toKindName(type),
  label: (node: Stored) => toLabel(node),
  changedSince(node: Stored) {
    const asOf = shownAsOf.get(node);
    const { lastUpdateTimeSinceEpoch: changed = 0n } = node;
    return asOf !== undefined && changed > asOf ? toTime(changed) : null;
  },
};

/** The nodes of a lineage, without those that are gone meanwhile. */
export async function lineageNodes(
  refs: readonly NodeRef[],
  context: Context,
  info: GraphQLResolveInfo,
  asOf?: bigint,
): Promise<readonly ShownNode[]> {
  const stored = await storedNodes(context, refs);
  const nodes = await Promise.all(
    refs.flatMap(({ type }, index) => (stored[index] ? [showNode(type, stored[index], context, info)] : [])),
  );
  for (const node of nodes) noteTime(node, asOf);
  return nodes;
}

function noteTime(node: object, asOf: bigint | undefined): void {
  if (asOf !== undefined) shownAsOf.set(node, asOf);
}

/** The node at an end of a link. It is read, and counted, only where more than its id is asked for. */
export function lineageEnd(
  ref: NodeRef,
  context: Context,
  info: GraphQLResolveInfo,
  asOf?: bigint,
): ShownNode | Promise<ShownNode> {
  if (asksForIdAlone(info)) return ref;
  context.budget.spend(1);
  return lineageNode(ref, context, info, asOf);
}

/** A node that was counted before. */
export async function lineageNode(
  ref: NodeRef,
  context: Context,
  info: GraphQLResolveInfo,
  asOf?: bigint,
): Promise<ShownNode> {
  const node = await shownNode(ref, context, info);
  if (node) noteTime(node, asOf);
  return node ?? { ...ref, ...WITHOUT_VALUES };
}

/** What is left of a node that is gone: its id. */
const WITHOUT_VALUES = { properties: new Map(), customProperties: new Map() };

/** The GraphQL type of a node of a lineage; one that was not read is MLMD's. */
export function lineageType(node: ShownNode): RegistryNode | RegistryKindName {
  const type = shownType(node) ?? (node as NodeRef).type; // lineageEnd gives no others
  return type as RegistryNode | RegistryKindName; // types of MLMD's are no nodes of a lineage
}
