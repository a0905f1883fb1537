import { toJson, toProtoJson, toText } from '../domain/property.ts';
import type { PropertyResolvers } from '../generated/graphql.ts';
import type { Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

export const Property = {
  name: ({ name }) => name,
  type: ({ value }) => typeName(value),
  intValue: ({ value }) => value.intValue ?? null,
  doubleValue: ({ value: { doubleValue } }) =>
    doubleValue !== undefined && Number.isFinite(doubleValue) ? doubleValue : null,
  stringValue: ({ value }) => value.stringValue ?? null,
  boolValue: ({ value }) => value.boolValue ?? null,
  structValue: ({ value }) => (value.structValue === undefined ? null : toJson(value)),
  protoValue: ({ value: { protoValue } }) => (protoValue === undefined ? null : toProtoJson(protoValue)),
  text: ({ value }) => toText(value),
} satisfies PropertyResolvers;

function typeName(value: Value) {
  if (value.intValue !== undefined) return 'INT';
  if (value.doubleValue !== undefined) return 'DOUBLE';
  if (value.stringValue !== undefined) return 'STRING';
  if (value.structValue !== undefined) return 'STRUCT';
  if (value.protoValue !== undefined) return 'PROTO';
  return value.boolValue === undefined ? 'UNKNOWN' : 'BOOLEAN';
}
