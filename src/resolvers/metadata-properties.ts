import { enumName } from '../domain/enum-name.ts';
import { propertyTypeOf, toJson, toProtoJson, toText } from '../domain/property.ts';
import type { PropertyResolvers } from '../generated/graphql.ts';
import { PropertyType } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

export const Property = {
  name: ({ name }) => name,
  type: ({ value }) => enumName(PropertyType, propertyTypeOf(value)),
  intValue: ({ value }) => value.intValue ?? null,
  doubleValue: ({ value: { doubleValue } }) =>
    doubleValue !== undefined && Number.isFinite(doubleValue) ? doubleValue : null,
  stringValue: ({ value }) => value.stringValue ?? null,
  boolValue: ({ value }) => value.boolValue ?? null,
  structValue: ({ value }) => (value.structValue === undefined ? null : toJson(value)),
  protoValue: ({ value: { protoValue } }) => (protoValue === undefined ? null : toProtoJson(protoValue)),
  text: ({ value }) => toText(value),
} satisfies PropertyResolvers;
