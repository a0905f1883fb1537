import { isDeepStrictEqual } from 'node:util';

import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { asStored, toColumns } from './properties.ts';
import type { SqlValue, Transaction } from './transaction.ts';
import type { NodeInput, WriteKind } from './write-kinds.ts';

/** Writes both sorts of properties of a new node. */
export function putProperties(
  transaction: Transaction,
  { kind, id }: Pick<PropertyTarget, 'kind' | 'id'>,
  { properties, customProperties }: NodeInput,
): Promise<void> {
  return kind.putProperties(transaction, [...toValues(id, false, properties), ...toValues(id, true, customProperties)]);
}

/** The properties or the custom properties of one node. */
export interface PropertyTarget {
  readonly kind: WriteKind;
  readonly id: bigint;
  readonly custom: boolean;
}

/** Makes the stored properties those given, or only the ones in `names`; gives how many changed. */
export async function changeProperties(
  transaction: Transaction,
  target: PropertyTarget,
  node: NodeInput,
  storedNode: NodeInput,
  names: ReadonlySet<string> | undefined,
): Promise<number> {
  const field = target.custom ? 'customProperties' : 'properties';
  const given = node[field];
  const stored = storedNode[field];
  const isMeant = (name: string) => names === undefined || names.has(name);
  const changed = [...given].filter(([name, value]) => isMeant(name) && !isSame(name, value, stored.get(name)));
  const removed = [...stored.keys()].filter((name) => isMeant(name) && !given.has(name));
  await target.kind.putProperties(transaction, toValues(target.id, target.custom, changed));
  for (const name of removed) {
    await transaction.run(target.kind.deleteProperty, target.id, target.custom ? 1n : 0n, name);
  }
  return changed.length + removed.length;
}

/** Whether the value would be read back as the stored one is. */
function isSame(name: string, value: Value, stored: Value | undefined): boolean {
  return stored !== undefined && isDeepStrictEqual(asStored(name, value), stored);
}

/** The rows of properties, as {@link WriteKind.putProperties} takes them. */
function toValues(
  id: bigint,
  custom: boolean,
  properties: Iterable<readonly [name: string, value: Value]>,
): SqlValue[] {
  const values: SqlValue[] = [];
  for (const [name, value] of properties) values.push(id, custom ? 1n : 0n, name, ...toColumns(name, value));
  return values;
}
