import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';

import { createSchema, printedSchema } from '../src/schema.ts';

/** A sentence: a capital or a name in code first, a period last, three words at least. */
const SENTENCE = /^(?=[A-Z`])\S+\s+\S+\s+.*\.$/s;

const DESCRIBED = '"The entry points of it." type Query { "The a of it." a: Int }';

test('everything in the schema is described by a sentence', () => {
  const all = describables(createSchema());
  expect(all.length).toBeGreaterThan(200);
  expect(undescribed(all)).toEqual([]);
});

test.each([
  ['type Query { a: Int }', ['Query', 'Query.a']],
  ['"All entries." type Query { "The a of it." a("Which b." b: Int): Int }', ['Query', 'Query.a(b)']],
  [
    '"The entry point: all." type Query { "its own a, small." a: Int "It has no period" b: Int }',
    ['Query.a', 'Query.b'],
  ],
  [`${DESCRIBED} input I { b: Int }`, ['I', 'I.b']],
  [`${DESCRIBED} enum E { C }`, ['E', 'E.C']],
  [`${DESCRIBED} interface F { d: Int }`, ['F', 'F.d']],
  [`${DESCRIBED} scalar S union U = Query`, ['S', 'U']],
  [`${DESCRIBED} directive @d(e: Int) on FIELD`, ['@d', '@d(e)']],
])('what is not described is found: %s', (sdl, names) => {
  expect(undescribed(describables(buildSchema(sdl)))).toEqual(names);
});

test('docs/api/schema.graphql is the schema', () => {
  const committed = readFileSync('docs/api/schema.graphql', 'utf8');
  expect(committed === printedSchema(), 'the schema has changed: run `npm run print-schema` and commit it').toBe(true);
});

test('each SDL file has its resolvers under the same stem', () => {
  const sdl = globSync('schema/*.graphql').map((file) => basename(file, '.graphql'));
  const resolvers = globSync('src/resolvers/*.ts').map((file) => basename(file, '.ts'));
  expect(resolvers.sort()).toEqual(sdl.sort());
});

type Described = readonly [name: string, description: string | null | undefined];

function undescribed(all: readonly Described[]): string[] {
  return all.filter(([, description]) => !SENTENCE.test(description ?? '')).map(([name]) => name);
}

function describables(schema: GraphQLSchema): Described[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  return [
    ...types.flatMap((type): Described[] => [[type.name, type.description], ...members(type)]),
    ...directives.flatMap(({ name, description, args }) => [
      [`@${name}`, description] as const,
      ...inside(`@${name}`, args),
    ]),
  ];
}

function members(type: GraphQLNamedType): Described[] {
  if (isEnumType(type)) return type.getValues().map(({ name, description }) => [`${type.name}.${name}`, description]);
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): Described[] => {
    const path = `${type.name}.${field.name}`;
    return [[path, field.description], ...('args' in field ? inside(path, field.args) : [])];
  });
}

function inside(path: string, args: readonly GraphQLArgument[]): Described[] {
  return args.map(({ name, description }) => [`${path}(${name})`, description]);
}
