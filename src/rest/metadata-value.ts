import { RegistryError } from '../errors.ts';
import type { Json } from './parse-json.ts';

/** A property as GraphQL gives it. */
export interface PropertyResult {
  readonly name: string;
  readonly type: string;
  readonly intValue?: string | null;
  readonly doubleValue?: number | null;
  readonly stringValue?: string | null;
  readonly boolValue?: boolean | null;
  readonly structValue?: unknown;
  readonly protoValue?: { readonly typeUrl: string; readonly value: string } | null;
}

/** One kind of value, in REST and in GraphQL. */
interface ValueKind {
  /** `metadataType` in REST. */
  readonly metadataType: string;
  /** The member with the value in REST. */
  readonly member: string;
  /** The field of PropertyValueInput, and of Property. */
  readonly field: string;
  /** The OpenAPI schema of the member. */
  readonly schema: object;
  /** The members of an example, besides `metadataType`. */
  readonly example: Readonly<Record<string, unknown>>;
  /** What the member has to be, for those who sent something else. */
  readonly expected: string;
  /** The value for GraphQL; undefined where it is no value of this kind. */
  read(value: Json, rest: Readonly<Record<string, Json>>): unknown;
  /** The members in REST, of GraphQL's value. */
  write(property: PropertyResult): Readonly<Record<string, unknown>>;
}

/** The kinds of values of custom properties, by GraphQL's enum PropertyType. */
export const VALUE_KINDS: Readonly<Record<string, ValueKind>> = {
  STRING: {
    metadataType: 'MetadataStringValue',
    member: 'string_value',
    field: 'stringValue',
    schema: { type: 'string' },
    expected: 'a string',
    example: { string_value: 'growth' },
    read: (value) => (typeof value === 'string' ? value : undefined),
    write: ({ stringValue }) => ({ string_value: stringValue }),
  },
  INT: {
    metadataType: 'MetadataIntValue',
    member: 'int_value',
    field: 'intValue',
    schema: { type: 'string', format: 'int64', pattern: '^-?[0-9]{1,19}$' },
    expected: 'a whole number of 64 bits, as a string',
    example: { int_value: '42' },
    read: (value) => (typeof value === 'string' && isInt64(value) ? value : undefined),
    write: ({ intValue }) => ({ int_value: intValue }),
  },
  DOUBLE: {
    metadataType: 'MetadataDoubleValue',
    member: 'double_value',
    field: 'doubleValue',
    schema: { type: 'number', format: 'double' },
    expected: 'a number',
    example: { double_value: 0.93 },
    read: (value) => (typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined),
    write: ({ doubleValue }) => ({ double_value: doubleValue }),
  },
  BOOLEAN: {
    metadataType: 'MetadataBoolValue',
    member: 'bool_value',
    field: 'boolValue',
    schema: { type: 'boolean' },
    expected: 'true or false',
    example: { bool_value: true },
    read: (value) => (typeof value === 'boolean' ? value : undefined),
    write: ({ boolValue }) => ({ bool_value: boolValue }),
  },
  STRUCT: {
    metadataType: 'MetadataStructValue',
    member: 'struct_value',
    field: 'structValue',
    schema: { type: 'string', format: 'base64-json-object' },
    expected: 'a JSON object in base64',
    example: { struct_value: 'eyJsYXllcnMiOiBbNjQsIDMyXX0=' },
    read: (value) => (typeof value === 'string' ? toStruct(value) : undefined),
    write: ({ structValue }) => ({ struct_value: Buffer.from(JSON.stringify(structValue)).toString('base64') }),
  },
  PROTO: {
    metadataType: 'MetadataProtoValue',
    member: 'proto_value',
    field: 'protoValue',
    schema: { type: 'string', format: 'byte' },
    expected: 'bytes in base64, with their type in `type`',
    example: { proto_value: 'CAE=', type: 'type.googleapis.com/example.Settings' },
    read: (value, { type }) =>
      typeof value === 'string' && typeof type === 'string' && isBase64(value) ? { typeUrl: type, value } : undefined,
    write: ({ protoValue }) => ({ proto_value: protoValue?.value, type: protoValue?.typeUrl }),
  },
};

const BY_METADATA_TYPE = new Map(Object.values(VALUE_KINDS).map((kind) => [kind.metadataType, kind]));

/** Custom properties as REST has them, as PropertyInputs. INVALID_ARGUMENT where one is no MetadataValue. */
export function readProperties(map: Readonly<Record<string, Json>>, member: string): object[] {
  return Object.entries(map).map(([name, value]) => ({ name, value: readValue(value, `${member}.${name}`) }));
}

function readValue(value: Json, place: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'a MetadataValue');
  const members = value as Readonly<Record<string, Json>>;
  const kind = BY_METADATA_TYPE.get(String(members['metadataType']));
  if (!kind) throw wrong(`${place}.metadataType`, [...BY_METADATA_TYPE.keys()].join(', '));
  const read = kind.read(members[kind.member] ?? null, members);
  if (read === undefined) throw wrong(`${place}.${kind.member}`, kind.expected);
  return { [kind.field]: read };
}

function wrong(place: string, expected: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', `'${place.slice(0, 200)}' has to be ${expected}.`, {
    argument: 'customProperties',
  });
}

/** Properties of a result as REST has them: a map of MetadataValues by name. */
export function writeProperties(properties: readonly PropertyResult[] | null | undefined): object {
  return Object.fromEntries((properties ?? []).flatMap(writeProperty));
}

function writeProperty(property: PropertyResult): [string, object][] {
  const kind = VALUE_KINDS[property.type];
  return kind ? [[property.name, { ...kind.write(property), metadataType: kind.metadataType }]] : [];
}

function isInt64(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
}

function toStruct(text: string): object | undefined {
  if (!isBase64(text)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // Told by the caller as no value of this kind.
  }
}
