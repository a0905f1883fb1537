import { type GraphQLInputType, getNamedType, isEnumType, isListType } from 'graphql';

import type { Api } from './apis.ts';
import { enumSchema, scalarSchema } from './openapi-shapes.ts';
import type { RestOperation } from './operation.ts';
import type { Parameter } from './parameters.ts';
import { toEnumNames } from './shape.ts';

/** The parameters of an operation as OpenAPI has them; all of them are texts in a request. */
export function parametersOf(api: Api, { parameters, body, method }: RestOperation): object[] {
  const filled = (body?.fills ?? []).flatMap(({ path, header, type, description }) => {
    if (path !== undefined) return [toPathParameter(path, type, description)];
    return header === undefined
      ? []
      : [toHeader(header, 'Change it only if this is still its ETag; else it is a 412.')];
  });
  const cached = method === 'GET' ? [toHeader('If-None-Match', 'Answer 304 where this is still the ETag.')] : [];
  return [...filled, ...parameters.map((parameter) => toParameter(api, parameter)), ...cached];
}

function toPathParameter(name: string, type: GraphQLInputType, description: string | undefined): object {
  return { name, in: 'path', required: true, ...(description && { description }), schema: scalarSchema(String(type)) };
}

function toHeader(name: string, description: string): object {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

/** An empty parameter of the query is as absent. */
function toParameter(api: Api, { name, in: place, type, required, description, format }: Parameter): object {
  const isFree = format !== undefined && getNamedType(type).name === 'ID';
  const schema = { ...(isFree ? { type: 'string' } : textSchema(api, type)), ...(format !== undefined && { format }) };
  const empty = place === 'query' && { allowEmptyValue: true };
  return { name, in: place, required, ...empty, ...(description && { description }), schema };
}

/** What a text has to be like to be a value of the type. */
function textSchema(api: Api, type: GraphQLInputType): object {
  const named = getNamedType(type);
  if (isEnumType(named)) return enumSchema(toEnumNames(api, named));
  const pattern = PATTERNS[named.name];
  if (pattern === undefined) return { type: 'string' };
  const whole = isListType(type) ? `^${pattern}(,${pattern})*$` : `^${pattern}$`;
  return { type: 'string', pattern: whole, ...(!isListType(type) && FORMATS[named.name]) };
}

const PATTERNS: Readonly<Record<string, string>> = {
  ID: '[0-9]{1,18}',
  Int: '[1-9][0-9]{0,8}',
  Int64: '-?[0-9]{1,18}',
  Boolean: '(true|false)',
};

const FORMATS: Readonly<Record<string, object>> = { ID: { format: 'int64' }, Int: { format: 'int32' } };
