import type { Artifact, Context, Execution, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import {
  ARCHIVED_PROPERTY,
  REGISTRY_KINDS,
  type RegistryField,
  type RegistryKindName,
  type RegistryNode,
} from './registry-kinds.ts';
import { toTime } from './time.ts';

/** A row of the registry: the node that it is stored as. */
export type RegistryRow = Artifact | Execution | Context;

/** Texts of up to megabytes: each is read by its own field only. */
const HEAVY: ReadonlySet<string> = new Set(['readme', 'schema', 'profile']);

/**
 * The properties that a field of a row is read with: all that are declared but the heavy ones, the same for all kinds
 * of a node, so that rows of several kinds and fields are one read. Undefined for a field that needs none.
 */
export function propertiesFor(node: RegistryNode, field: RegistryField): readonly string[] | undefined {
  if (!('property' in field.stored)) return undefined;
  const { property } = field.stored;
  return HEAVY.has(property) ? [property] : LIGHT[node];
}

/** The properties that all fields but the heavy ones are read with. */
export const LIGHT: Readonly<Record<RegistryNode, readonly string[]>> = {
  Artifact: lightOf('Artifact'),
  Execution: lightOf('Execution'),
  Context: lightOf('Context'),
};

function lightOf(node: RegistryNode): readonly string[] {
  const kinds = Object.values(REGISTRY_KINDS).filter((kind) => kind.node === node);
  const declared = kinds.flatMap(({ fields }) =>
    Object.values(fields).flatMap(({ stored }) => ('property' in stored ? [stored.property] : [])),
  );
  return [...new Set([...declared, ARCHIVED_PROPERTY])].filter((name) => !HEAVY.has(name)).sort();
}

/** What a row's field shows; null where nothing is stored, or something that the field cannot show. */
export function fieldValue(field: RegistryField, row: RegistryRow) {
  const { stored } = field;
  if ('attribute' in stored) return attributeValue(field, row);
  const value = row.properties.get(stored.property);
  return value === undefined ? null : shown(field, stored.property, value);
}

/** What a row's field of this name shows. */
export function fieldNamed(kind: RegistryKindName, name: string, row: RegistryRow) {
  const field = REGISTRY_KINDS[kind].fields[name];
  return field ? fieldValue(field, row) : null;
}

function attributeValue(field: RegistryField, row: RegistryRow) {
  if (field.as === 'enum') return enumValue(field.values, stateOf(row));
  return 'uri' in row ? (row.uri ?? null) : null;
}

function stateOf(row: RegistryRow): number | undefined {
  if ('state' in row) return row.state;
  return 'lastKnownState' in row ? row.lastKnownState : undefined;
}

function shown(field: RegistryField, property: string, value: Value) {
  switch (field.as) {
    case 'text':
      return value.stringValue ?? null;
    case 'int':
      return value.intValue ?? null;
    case 'id':
      return value.intValue?.toString() ?? null;
    case 'double':
      return value.doubleValue !== undefined && Number.isFinite(value.doubleValue) ? value.doubleValue : null;
    case 'time':
      return /^-?\d{1,18}$/.test(value.stringValue ?? '') ? toTime(BigInt(value.stringValue ?? '')) : null;
    case 'list':
      return listIn(value.structValue?.[property]);
    case 'enum':
      return enumValue(field.values, value.stringValue);
  }
}

/** The name for a stored state; null for a foreign one, which must not break the rest of the answer. */
function enumValue(values: Readonly<Record<string, string | number>>, stored: string | number | undefined) {
  return Object.keys(values).find((name) => values[name] === stored) ?? null;
}

function listIn(list: unknown): string[] | null {
  if (!Array.isArray(list)) return null;
  return list.map((item) => (typeof item === 'string' ? item : (JSON.stringify(item) ?? '')));
}

/** Whether a row of a kind without a state for it was archived. */
export function hasArchivedMark({ customProperties }: RegistryRow): boolean {
  return customProperties.get(ARCHIVED_PROPERTY)?.boolValue === true;
}
