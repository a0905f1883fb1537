import type { Any } from '../generated/proto/google/protobuf/any.ts';
import { PropertyType, type Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** A property or custom property of a node. */
export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** The values of a map, sorted by name; only those in `names` where it is given. */
export function toNamedValues(
  values: ReadonlyMap<string, Value>,
  names: readonly string[] | null | undefined,
): NamedValue[] {
  const wanted = names ? new Set(names) : undefined;
  return [...values]
    .filter(([name]) => !wanted || wanted.has(name))
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The values as one JSON object, sorted by name. It has no prototype, so that every name is just a name. */
export function toPropertyMap(values: readonly NamedValue[]): Record<string, unknown> {
  const map: Record<string, unknown> = Object.create(null);
  for (const { name, value } of values) map[name] = toJson(value);
  return map;
}

/** A value as JSON: integers of 64 bits and doubles that are not finite as text, a message as its URL and base64. */
export function toJson(value: Value): unknown {
  if (value.intValue !== undefined) return value.intValue.toString();
  if (value.doubleValue !== undefined) {
    return Number.isFinite(value.doubleValue) ? value.doubleValue : String(value.doubleValue);
  }
  if (value.protoValue !== undefined) return toProtoJson(value.protoValue);
  return value.stringValue ?? value.structValue ?? value.boolValue ?? null;
}

/** A message as its type's URL and its bytes in base64. */
export function toProtoJson(message: Any): { readonly typeUrl: string; readonly value: string } {
  return { typeUrl: message.typeUrl ?? '', value: Buffer.from(message.value ?? []).toString('base64') };
}

/** A value as text, whatever its kind. */
export function toText(value: Value): string {
  const json = toJson(value);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** The type under which a value has to be declared in its node's type, or undefined for an empty value. */
export function propertyTypeOf(value: Value): PropertyType | undefined {
  if (value.intValue !== undefined) return PropertyType.INT;
  if (value.doubleValue !== undefined) return PropertyType.DOUBLE;
  if (value.stringValue !== undefined) return PropertyType.STRING;
  if (value.structValue !== undefined) return PropertyType.STRUCT;
  if (value.protoValue !== undefined) return PropertyType.PROTO;
  return value.boolValue === undefined ? undefined : PropertyType.BOOLEAN;
}
