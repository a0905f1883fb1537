import { RegistryError } from '../../errors.ts';
import { Any } from '../../generated/proto/google/protobuf/any.ts';
import { Struct } from '../../generated/proto/google/protobuf/struct.ts';
import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { SqlValue } from './transaction.ts';

/** How MLMD marks a struct in the string column: this and the base64 of a google.protobuf.Struct. */
const STRUCT_PREFIX = 'mlmd-struct::';

/** The value columns of the property tables, in the order in which {@link toColumns} has them. */
export const VALUE_COLUMNS = 'int_value, double_value, string_value, proto_value, bool_value';

/**
 * A property row's value as one expression, for {@link toValue}: a double, or text behind the letter of its column, so
 * that an int64 stays exact.
 */
export const PACKED_VALUE = `CASE WHEN int_value IS NOT NULL THEN 'i' || int_value
  WHEN double_value IS NOT NULL THEN double_value WHEN string_value IS NOT NULL THEN 's' || string_value
  ELSE coalesce('p' || proto_value, 'b' || bool_value) END`;

/** The value of a {@link PACKED_VALUE}. DATA_LOSS where there is none in it. */
export function toValue(packed: SqlValue | undefined): Value {
  if (typeof packed === 'number') return { doubleValue: packed };
  if (typeof packed !== 'string') throw new RegistryError('DATA_LOSS', 'A property in the store has no value.');
  const text = packed.slice(1);
  switch (packed[0]) {
    case 's':
      return fromStringColumn(text);
    case 'i':
      return { intValue: toInt64(text) };
    case 'b':
      return { boolValue: text !== '0' };
    case 'p':
      return { protoValue: decoded(text, Any.decode) };
    default:
      throw damaged();
  }
}

function toInt64(text: string): bigint {
  try {
    return BigInt(text);
  } catch (cause) {
    throw damaged(cause);
  }
}

function fromStringColumn(text: string): Value {
  if (!text.startsWith(STRUCT_PREFIX)) return { stringValue: text };
  return { structValue: Struct.unwrap(decoded(text.slice(STRUCT_PREFIX.length), Struct.decode)) };
}

/** The message in a column. DATA_LOSS where the text is not whole base64 or not of such a message. */
function decoded<Message>(text: string, decode: (bytes: Buffer) => Message): Message {
  const bytes = Buffer.from(text, 'base64');
  try {
    if (base64(bytes) === text) return decode(bytes);
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

function damaged(cause?: unknown): RegistryError {
  return new RegistryError('DATA_LOSS', 'A property in the store is damaged.', { cause });
}

/** The value columns of a property row for a value. INVALID_ARGUMENT where it is none that MLMD can store. */
export function toColumns(name: string, value: Value): SqlValue[] {
  if (value.intValue !== undefined) return [value.intValue, null, null, null, null];
  if (value.doubleValue !== undefined) return [null, finite(name, value.doubleValue), null, null, null];
  if (value.stringValue !== undefined) return [null, null, value.stringValue, null, null];
  if (value.structValue !== undefined) return [null, null, structText(value.structValue), null, null];
  if (value.protoValue !== undefined) return [null, null, null, anyText(value.protoValue), null];
  if (value.boolValue !== undefined) return [null, null, null, null, value.boolValue ? 1n : 0n];
  throw new RegistryError('INVALID_ARGUMENT', `Property '${name}' has no value.`);
}

function finite(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RegistryError('INVALID_ARGUMENT', `Property '${name}' is ${value}; a double has to be finite.`);
}

function structText(value: Record<string, unknown>): string {
  return STRUCT_PREFIX + base64(Struct.encode(Struct.wrap(value)).finish());
}

/** As proto3 has it and the C++ engine writes it, an empty value is left out. */
function anyText({ typeUrl, value }: Any): string {
  return base64(Any.encode({ typeUrl, value: value?.length ? value : undefined }).finish());
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The value as it is read back where it is stored: a struct's keys may come in another order. */
export function asStored(name: string, value: Value): Value {
  const [int = null, double = null, string = null, proto = null, bool = null] = toColumns(name, value);
  if (string !== null) return toValue(`s${string}`);
  if (proto !== null) return toValue(`p${proto}`);
  if (bool !== null) return toValue(`b${bool}`);
  return toValue(int === null ? double : `i${int}`);
}
