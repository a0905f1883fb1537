import {
  type Artifact,
  Artifact_State,
  type Context,
  type Execution,
  Execution_State,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { enumName } from '../enum-name.ts';
import { registryKindOf } from '../registry-kinds.ts';
import { keyOf, type NodeRef } from './graph.ts';
import { toKindName } from './kind-name.ts';

/** Conditions on a node; all that is there has to hold. */
export interface NodeFilter {
  readonly types?: ReadonlySet<string> | undefined;
  readonly states?: ReadonlySet<string> | undefined;
  readonly createdBefore?: bigint | undefined;
  readonly createdAfter?: bigint | undefined;
  /** By {@link keyOf}. */
  readonly ids?: ReadonlySet<string> | undefined;
}

/** A node as it is stored. */
export type StoredNode = Artifact | Execution | Context;

/** The filter as plain values, the same for the same conditions in whatever order. */
export function plainFilter(filter: NodeFilter | undefined): object | undefined {
  return (
    filter &&
    Object.fromEntries(
      Object.entries(filter).map(([name, value]) => [name, value instanceof Set ? [...value].sort() : value]),
    )
  );
}

/** Whether the filter can be tried only with the node's values. */
export function needsNode({ types, states, createdBefore, createdAfter }: NodeFilter): boolean {
  return [types, states, createdBefore, createdAfter].some((each) => each !== undefined);
}

/** The property that holds the state of a context. */
export const STATE = 'state';

/** Whether a node fits the filter; one that is gone fits none that needs its values. */
export function fits(filter: NodeFilter, ref: NodeRef, node: StoredNode | null): boolean {
  const { types, states, createdBefore, createdAfter, ids } = filter;
  if (ids && !ids.has(keyOf(ref))) return false;
  if (!needsNode(filter)) return true;
  if (!node) return false;
  const { type = '', createTimeSinceEpoch: created = 0n } = node;
  if (types && !types.has(type) && !types.has(toKindName(type))) return false;
  if (states && !states.has(stateOf(ref, node))) return false;
  return (
    (createdBefore === undefined || created < createdBefore) && (createdAfter === undefined || created > createdAfter)
  );
}

/** The state by its name in GraphQL; empty for a context without one. */
export function stateOf({ type }: NodeRef, node: StoredNode): string {
  if (type === 'Artifact') return enumName(Artifact_State, 'state' in node ? (node.state ?? 0) : 0);
  if (type === 'Execution') return enumName(Execution_State, 'lastKnownState' in node ? (node.lastKnownState ?? 0) : 0);
  return registryKindOf(node) ? (node.properties.get(STATE)?.stringValue ?? '') : '';
}
