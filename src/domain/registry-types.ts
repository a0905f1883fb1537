import { PropertyType } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { PutTypesRequest } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';
import {
  METRIC_HISTORY_TYPE,
  REGISTRY_KINDS,
  type RegistryField,
  type RegistryKind,
  type RegistryKindName,
  type RegistryNode,
} from './registry-kinds.ts';

/** What a field is declared as. */
const PROPERTY_TYPES: Readonly<Record<RegistryField['as'], PropertyType>> = {
  text: PropertyType.STRING,
  int: PropertyType.INT,
  double: PropertyType.DOUBLE,
  id: PropertyType.INT,
  time: PropertyType.STRING,
  list: PropertyType.STRUCT,
  enum: PropertyType.STRING,
};

const KINDS = Object.values(REGISTRY_KINDS);

/** The MLMD types of all kinds, and of the history of metrics. A type that a store has may declare more than these. */
export const REGISTRY_TYPES: PutTypesRequest = {
  artifactTypes: [...typesOf('Artifact'), { ...toType(REGISTRY_KINDS.Metric), name: METRIC_HISTORY_TYPE }],
  executionTypes: typesOf('Execution'),
  contextTypes: typesOf('Context'),
  canAddFields: true,
  canOmitFields: true,
};

/** The names of the properties that the type of a kind declares. */
export function declaredProperties(kind: RegistryKindName): readonly string[] {
  return [...toType(REGISTRY_KINDS[kind]).properties.keys()];
}

function typesOf(node: RegistryNode) {
  return KINDS.filter((kind) => kind.node === node).map(toType);
}

function toType({ type, fields, ownerProperty, nameProperties }: RegistryKind) {
  const declared = Object.values(fields).flatMap(({ as, stored }): [string, PropertyType][] =>
    'property' in stored ? [[stored.property, PROPERTY_TYPES[as]]] : [],
  );
  const owner = ownerProperty === undefined ? [] : ([[ownerProperty, PropertyType.INT]] as const);
  const names = Object.values(nameProperties ?? {}).map((name) => [name, PropertyType.STRING] as const);
  return { name: type, properties: new Map<string, PropertyType>([...declared, ...owner, ...names]) };
}
