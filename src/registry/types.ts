import { REGISTRY_TYPES } from '../domain/registry-types.ts';
import type { Call, MetadataStore, MetadataStoreRpcs } from '../mlmd/store.ts';

/** The ids of the registry's types by their names. */
export type TypeIds = ReadonlyMap<string, bigint>;

/** Of each store, once its types are known to be there: types are never deleted. */
const known = new WeakMap<MetadataStore, TypeIds>();

/**
 * The ids of the registry's types, which are made where they are missing; nothing is written where all are there, with
 * more properties or not. It may be part of a transaction: only {@link rememberTypes} makes a store's ids known.
 */
export async function registerTypes(store: MetadataStore, rpcs: MetadataStoreRpcs, call: Call): Promise<TypeIds> {
  const before = known.get(store);
  if (before) return before;
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await rpcs.putTypes(REGISTRY_TYPES, call);
  const { artifactTypes, executionTypes, contextTypes } = REGISTRY_TYPES;
  const ids = [...artifactTypeIds, ...executionTypeIds, ...contextTypeIds];
  const types = [...artifactTypes, ...executionTypes, ...contextTypes];
  return new Map(types.map(({ name = '' }, index) => [name, ids[index] ?? 0n]));
}

/** Makes the ids known that {@link registerTypes} gave, when they are there to stay. */
export function rememberTypes(store: MetadataStore, types: TypeIds): void {
  known.set(store, types);
}

/** Looks at the types anew before the next write: another store may have come to the same place. */
export function forgetTypes(store: MetadataStore): void {
  known.delete(store);
}
