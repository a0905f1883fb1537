import { getNamedType, isEnumType, isListType } from 'graphql';

import { RegistryError } from '../errors.ts';
import type { Names } from './apis.ts';
import type { Body } from './body.ts';
import type { RestOperation } from './operation.ts';
import type { Parameter } from './parameters.ts';
import type { Json } from './parse-json.ts';
import { readEnum, readValue } from './read-value.ts';

/** What of a request an operation is made from. */
export interface Input {
  readonly path: Readonly<Record<string, string>>;
  /** The first value of each parameter; an empty one is as absent. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: Readonly<Record<string, Json>>;
}

/** The operation's variables. INVALID_ARGUMENT for what is not right in the request, MISSING_FIELD for what lacks. */
export function toVariables(names: Names, operation: RestOperation, input: Input): Record<string, unknown> {
  const given = withFirst(operation, input);
  const variables: Record<string, unknown> = {};
  for (const parameter of operation.parameters) {
    const value = readParameter(names, parameter, given);
    if (value !== undefined) variables[parameter.name] = value;
  }
  const { body } = operation;
  if (body) readBody(names, body, operation, given, variables);
  return variables;
}

/** Of the sets of parameters only the first that is given whole. */
function withFirst({ first }: RestOperation, input: Input): Input {
  if (first.length === 0) return input;
  const whole = first.find((set) => set.every((name) => input.query.has(name)));
  if (whole) return { ...input, query: new Map([...input.query].filter(([name]) => whole.includes(name))) };
  const sets = first.map((set) => set.join(' and '));
  throw new RegistryError('INVALID_ARGUMENT', `Give ${sets.join(', or ')}.`);
}

function readParameter(names: Names, parameter: Parameter, { path, query }: Input): unknown {
  const { name, needs, otherwise } = parameter;
  const text = parameter.in === 'path' ? path[name] : query.get(name);
  if (needs !== undefined && !query.has(needs)) return undefined;
  if (text === undefined) return otherwise === undefined ? undefined : readText(names, parameter, otherwise);
  try {
    return bounded(parameter, readText(names, parameter, text));
  } catch (error) {
    if (otherwise === undefined) throw error;
    return readText(names, parameter, otherwise);
  }
}

function bounded({ name, min, max }: Parameter, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (min === undefined || value >= min) return max !== undefined && value > max ? max : value;
  throw new RegistryError('INVALID_ARGUMENT', `'${name}' is ${value}; it has to be at least ${min}.`, {
    argument: name,
  });
}

/** As much of a parameter as tells how its text is read. */
type Read = Pick<Parameter, 'name' | 'type' | 'format'>;

/** A value written as text: a list has commas. */
function readText(names: Names, parameter: Read, text: string): unknown {
  const { type, name, format } = parameter;
  if (isListType(type))
    return text.split(',').map((each) => readText(names, { ...parameter, type: type.ofType }, each));
  const named = getNamedType(type);
  if (isEnumType(named)) return readEnum(names, named, text, name);
  if (named.name === 'ID' && format !== undefined) return text; // no id of MLMD's: GraphQL knows what it may be
  return readValue(names, named, named.name in TEXTS ? TEXTS[named.name]?.(text, name) : text, name);
}

/** What is no text in JSON. */
const TEXTS: Readonly<Record<string, (text: string, name: string) => Json>> = {
  ID: (text, name) => {
    if (isId(text)) return text;
    throw new RegistryError('INVALID_ARGUMENT', `'${name}' has to be an id: a whole number of 64 bits.`, {
      argument: name,
    });
  },
  Int: toInt,
  Int64: toInt,
  Float: (text) => Number(text),
  Boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

function isId(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function toInt(text: string, name: string): Json {
  if (!/^-?\d{1,19}$/.test(text)) {
    throw new RegistryError('INVALID_ARGUMENT', `'${name}' has to be a whole number.`, { argument: name });
  }
  const int = BigInt(text);
  return Number.isSafeInteger(Number(int)) ? Number(int) : int;
}

function readBody(
  names: Names,
  body: Body,
  { constant, refused }: RestOperation,
  { path, headers, body: json = {} }: Input,
  variables: Record<string, unknown>,
): void {
  const objects = new Map<string, Record<string, unknown>>();
  const put = (variable: string, field: string | undefined, value: unknown) => {
    if (field === undefined) variables[variable] = value;
    else objectOf(objects, variables, variable)[field] = value;
  };
  for (const { field, variable } of body.members.values())
    if (field !== undefined) objectOf(objects, variables, variable);
  for (const [name, value] of Object.entries(json)) {
    const member = body.members.get(name);
    if (body.ignores.includes(name)) refuseOther(name, value);
    const isSilent = body.ignores.includes(name) || (value === null && body.refuses.includes(name));
    if (!member && !body.lenient && name !== constant?.name && !isSilent)
      throw new RegistryError('INVALID_ARGUMENT', `json: unknown field "${name}"`, { argument: name });
    const read = member && readValue(names, member.type, value, name);
    const isNull = read === '' && names.emptyIsNull.has(member?.field ?? '');
    if (member && read !== undefined) put(member.variable, member.field, isNull ? null : read);
  }
  refuseMissing(body, variables);
  for (const { variable, field, ...from } of body.fills) {
    const object = objectOf(objects, variables, variable);
    if (from.path !== undefined)
      object[field] = readText(names, { name: from.path, type: from.type }, path[from.path] ?? '');
    if (from.header !== undefined) readHeader(object, field, from.header, headers[from.header.toLowerCase()]);
    if (from.value !== undefined && object[field] === undefined) object[field] = JSON.parse(from.value);
  }
  if (refused !== undefined) throw new RegistryError('INVALID_ARGUMENT', refused);
}

/** What says nothing has to be a text all the same. */
function refuseOther(name: string, value: Json): void {
  if (value === null || typeof value === 'string') return;
  throw new RegistryError('INVALID_ARGUMENT', `'${name}' has to be a string.`, { argument: name });
}

function objectOf(
  objects: Map<string, Record<string, unknown>>,
  variables: Record<string, unknown>,
  variable: string,
): Record<string, unknown> {
  const known = objects.get(variable);
  if (known) return known;
  const made: Record<string, unknown> = {};
  objects.set(variable, made);
  variables[variable] = made;
  return made;
}

/** An empty text is as missing as none: nothing that is required may be empty. */
function refuseMissing(body: Body, variables: Readonly<Record<string, unknown>>): void {
  for (const [name, { variable, field, required }] of body.members) {
    if (!required) continue;
    const holder = variables[variable];
    const value = field === undefined ? holder : (holder as Readonly<Record<string, unknown>> | undefined)?.[field];
    if (value !== undefined && value !== null && value !== '') continue;
    throw new RegistryError('MISSING_FIELD', `required field '${name}' is zero value.`, { argument: name });
  }
}

/** If-Match carries the ETag of what is changed: the time of its last change. */
function readHeader(
  object: Record<string, unknown>,
  field: string,
  header: string,
  value: string | string[] | undefined,
): void {
  if (value === undefined || value === '*') return;
  const [, time] = /^"(\d{1,16})"$/.exec(String(value)) ?? [];
  if (time === undefined) {
    throw new RegistryError('FAILED_PRECONDITION', `'${header}' is not the ETag of what is to be changed.`);
  }
  object[field] = new Date(Number(time)).toISOString();
}
