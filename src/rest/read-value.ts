import {
  type GraphQLInputType,
  type GraphQLNullableType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';

import { RegistryError } from '../errors.ts';
import type { Names } from './apis.ts';
import { readProperties } from './metadata-value.ts';
import type { Json } from './parse-json.ts';

/**
 * A value of a body as GraphQL takes it; null counts as absent, and is undefined. INVALID_ARGUMENT where it is none of
 * its type.
 */
export function readValue(names: Names, type: GraphQLInputType, value: Json | undefined, member: string): unknown {
  if (value === null || value === undefined) return undefined;
  const nullable = getNullableType(type) as GraphQLInputType & GraphQLNullableType;
  if (isListType(nullable) && getNamedType(nullable).name === 'PropertyInput') {
    return readProperties(toMap(value, member), member);
  }
  if (isListType(nullable)) {
    if (!Array.isArray(value)) throw wrongType(member, 'a list', value);
    return value.map((each: Json, index) =>
      present(readValue(names, nullable.ofType, each, `${member}[${index}]`), member),
    );
  }
  if (isEnumType(nullable)) {
    if (typeof value !== 'string') throw wrongType(member, 'a string', value);
    return readEnum(names, nullable, value, member);
  }
  if (isInputObjectType(nullable)) return readObject(names, nullable, toMap(value, member), member);
  return readScalar(getNamedType(nullable).name, value, member);
}

/** The value of an enum by what it is called in JSON. INVALID_ARGUMENT where there is none. */
export function readEnum(
  names: Names,
  type: { readonly name: string; getValues(): readonly { readonly name: string }[] },
  text: string,
  member: string,
): string {
  const known = type
    .getValues()
    .map(({ name }) => [name, names.enumValues.get(`${type.name}.${name}`) ?? name] as const);
  const [value] = known.find(([, json]) => json === text) ?? [];
  if (value !== undefined) return value;
  const all = new Intl.ListFormat('en', { type: 'disjunction' }).format(known.map(([, json]) => json));
  throw new RegistryError(
    'INVALID_ARGUMENT',
    `'${text.slice(0, 64)}' is no value of '${member}'; it has to be ${all}.`,
    {
      argument: member,
    },
  );
}

function readObject(
  names: Names,
  type: { getFields(): Readonly<Record<string, { readonly name: string; readonly type: GraphQLInputType }>> },
  map: Readonly<Record<string, Json>>,
  member: string,
): object {
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => {
      const field = fields[name];
      if (!field) throw new RegistryError('INVALID_ARGUMENT', `json: unknown field "${name}"`, { argument: member });
      const read = readValue(names, field.type, value, `${member}.${name}`);
      return read === undefined ? [] : [[name, read]];
    }),
  );
}

/** JSON's own types of GraphQL's scalars. */
const SCALARS: Readonly<Record<string, { readonly expected: string; read(value: Json): unknown }>> = {
  String: { expected: 'a string', read: (value) => (typeof value === 'string' ? value : undefined) },
  ID: { expected: 'a string', read: (value) => (typeof value === 'string' ? value : undefined) },
  Boolean: { expected: 'true or false', read: (value) => (typeof value === 'boolean' ? value : undefined) },
  Float: { expected: 'a number', read: (value) => (isNumber(value) ? Number(value) : undefined) },
  Int: { expected: 'a whole number', read: (value) => (Number.isSafeInteger(value) ? value : undefined) },
  Int64: { expected: 'a whole number of 64 bits', read: (value) => toInt64(value) },
  DateTime: { expected: 'a time in milliseconds, as a string of digits', read: (value) => toTime(value) },
  JSON: { expected: 'a value', read: (value) => value },
};

function readScalar(type: string, value: Json, member: string): unknown {
  const scalar = SCALARS[type];
  const read = scalar ? scalar.read(value) : value;
  if (read === undefined) throw wrongType(member, scalar?.expected ?? type, value);
  return read;
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function toInt64(value: Json): string | undefined {
  if (!isNumber(value) || (typeof value === 'number' && !Number.isSafeInteger(value))) return undefined;
  const int = BigInt(value);
  return BigInt.asIntN(64, int) === int ? int.toString() : undefined;
}

/** The latest time that a Date can hold. */
const MAX_TIME = 8_640_000_000_000_000n;

function toTime(value: Json): string | undefined {
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return undefined;
  const time = BigInt(value);
  return time <= MAX_TIME && time >= -MAX_TIME ? new Date(Number(time)).toISOString() : undefined;
}

function toMap(value: Json, member: string): Readonly<Record<string, Json>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, Json>>;
  }
  throw wrongType(member, 'an object', value);
}

function present(value: unknown, member: string): unknown {
  if (value !== undefined) return value;
  throw new RegistryError('INVALID_ARGUMENT', `'${member}' may not have null in it.`, { argument: member });
}

function wrongType(member: string, expected: string, value: Json): RegistryError {
  const is = value === null ? 'null' : Array.isArray(value) ? 'a list' : JSON_TYPES[typeof value];
  return new RegistryError('INVALID_ARGUMENT', `'${member}' has to be ${expected}, and is ${is ?? 'something else'}.`, {
    argument: member,
  });
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  string: 'another string',
  number: 'a number',
  bigint: 'a number',
  boolean: 'true or false',
  object: 'an object',
};
