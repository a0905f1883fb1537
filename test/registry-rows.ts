import { METRIC_HISTORY_TYPE, REGISTRY_KINDS, type RegistryField } from '../src/domain/registry-kinds.ts';
import { PropertyType, type Value } from '../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';

const STORED_AS = {
  text: PropertyType.STRING,
  enum: PropertyType.STRING,
  time: PropertyType.STRING,
  int: PropertyType.INT,
  id: PropertyType.INT,
  double: PropertyType.DOUBLE,
  list: PropertyType.STRUCT,
} as const satisfies Record<RegistryField['as'], PropertyType>;

/** Values by their names, as short as they can be written. */
export type Values = Readonly<Record<string, Value>>;

/** No properties. */
export const none = { properties: new Map<string, Value>(), customProperties: new Map<string, Value>() };

/** The two maps of a node's properties. */
export function properties(declared: Values = {}, custom: Values = {}) {
  return { properties: new Map(Object.entries(declared)), customProperties: new Map(Object.entries(custom)) };
}

/** Registers the registry's types; their ids by name. */
export async function putRegistryTypes(store: MetadataStore): Promise<ReadonlyMap<string, bigint>> {
  const kinds = Object.values(REGISTRY_KINDS);
  const types = (node: string) =>
    kinds
      .filter((kind) => kind.node === node)
      .map(({ type, fields, ownerProperty }) => ({
        name: type,
        properties: new Map([
          ...Object.values(fields).flatMap((field) =>
            'property' in field.stored ? [[field.stored.property, STORED_AS[field.as]] as const] : [],
          ),
          ...(ownerProperty === undefined ? [] : [[ownerProperty, PropertyType.INT] as const]),
        ]),
      }));
  const metric = types('Artifact').find(({ name }) => name === REGISTRY_KINDS.Metric.type);
  const [artifactTypes, executionTypes, contextTypes] = [
    [...types('Artifact'), { name: METRIC_HISTORY_TYPE, properties: metric?.properties ?? new Map() }],
    types('Execution'),
    types('Context'),
  ];
  const ids = await store.putTypes({ artifactTypes, executionTypes, contextTypes });
  return new Map([
    ...artifactTypes.map(({ name }, index) => [name, ids.artifactTypeIds[index] ?? 0n] as const),
    ...executionTypes.map(({ name }, index) => [name, ids.executionTypeIds[index] ?? 0n] as const),
    ...contextTypes.map(({ name }, index) => [name, ids.contextTypeIds[index] ?? 0n] as const),
  ]);
}
