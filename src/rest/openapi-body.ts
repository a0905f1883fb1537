import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';

import type { Api } from './apis.ts';
import type { Body, BodyMember } from './body.ts';
import type { Components } from './openapi-components.ts';
import { discriminator, enumSchema, PROPERTIES, scalarSchema } from './openapi-shapes.ts';
import type { RestOperation } from './operation.ts';
import { toEnumNames } from './shape.ts';

/** The schema of a route's body: a component, or for several cases one of their components. */
export function bodySchema(api: Api, cases: readonly RestOperation[], components: Components): object | undefined {
  const schemas = cases.flatMap((each) =>
    each.body ? [caseSchema(api, each, each.body, cases.length > 1, components)] : [],
  );
  const [only] = schemas;
  if (schemas.length < 2) return only;
  const constants = cases.map(({ constant }) => new Map(constant ? [[constant.name, constant.value]] : []));
  const union = { oneOf: schemas, ...discriminator(constants, schemas) };
  const name = cases[0]?.body?.union;
  return name === undefined
    ? union
    : components.add(name, {
        description: 'A body of one of several kinds.',
        ...union,
        ...exampleOf(cases[0]?.body?.example),
      });
}

function caseSchema(
  api: Api,
  { constant, method, answer }: RestOperation,
  { component, members, ignores, refuses, lenient, example }: Body,
  oneOfSeveral: boolean,
  components: Components,
): object {
  const required = [...members].filter(([, member]) => member.required).map(([name]) => name);
  const all = oneOfSeveral && constant ? [constant.name, ...required] : required;
  const known = [...members].map(([name, member]) => [name, memberSchema(api, member)] as const);
  // Several routes may have the same kinds of bodies.
  const about = oneOfSeveral && constant ? `A body of the kind ${constant.value}.` : aboutBody(method, answer.noun);
  const optional = oneOfSeveral ? {} : { nullable: true };
  const values = constant && [constant.value, ...(oneOfSeveral ? [] : [null])];
  const text = constant && {
    type: 'string',
    enum: values,
    default: constant.value,
    ...optional,
    description: 'The kind.',
  };
  return components.add(component, {
    type: 'object',
    description: about,
    ...(!lenient && { additionalProperties: false }),
    ...(all.length > 0 && { required: all }),
    properties: {
      ...(constant && { [constant.name]: text }),
      ...Object.fromEntries(known),
      ...Object.fromEntries([...ignores, ...refuses].map((name) => [name, READ_ONLY])),
    },
    ...exampleOf(example),
  });
}

function aboutBody(method: string, noun: string): string {
  return method === 'PATCH' ? `What is to be changed of one ${noun}.` : `One new ${noun}, as it is given.`;
}

function exampleOf(example: string | undefined): object {
  return example === undefined ? {} : { example: JSON.parse(example) };
}

const READ_ONLY = {
  type: 'string',
  nullable: true,
  readOnly: true,
  description: 'Set by the server, never by a body.',
};

/** Where it is not required, null is as absent. */
function memberSchema(api: Api, { variable, field, type, required, description }: BodyMember): object {
  const schema = inputSchema(api, type);
  const pattern = api.names.patterns.get(field ?? variable) ?? NO_NUL;
  return {
    ...schema,
    ...(String(type) === 'String' && { pattern, ...(required && { minLength: 1 }) }),
    ...(!required && { nullable: true, ...('enum' in schema && { enum: [...(schema.enum as unknown[]), null] }) }),
    ...(description && { description }),
  };
}

/** No store of MLMD's keeps a text with U+0000 as it is. */
const NO_NUL = '^[^\\u0000]*$';

function inputSchema(api: Api, type: GraphQLInputType): object {
  const nullable = getNullableType(type);
  const named = getNamedType(type);
  if (isListType(nullable)) {
    return named.name === 'PropertyInput'
      ? PROPERTIES
      : { type: 'array', items: inputSchema(api, nullable.ofType as GraphQLInputType) };
  }
  if (isEnumType(named)) return enumSchema(toEnumNames(api, named));
  if (!isInputObjectType(named)) return scalarSchema(named.name);
  const fields = Object.values(named.getFields()).map((field) => [field.name, inputSchema(api, field.type)] as const);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(fields) };
}
