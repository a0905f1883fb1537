import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLScalarType, parse } from 'graphql';
import { describe, expect, test } from 'vitest';

import { OPEN_ACCESS } from '../src/auth/open-policy.ts';
import { createCompiler } from '../src/compile.ts';
import { type Context, createContext } from '../src/context.ts';
import { RegistryError } from '../src/errors.ts';
import { createExecutor } from '../src/execute.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { createLog } from '../src/observe.ts';
import { DateTime, Int64, JSONScalar } from '../src/resolvers/base.ts';

/** A scalar whose literals are bigints, which graphql-jit could not write into its code. */
const Uncompilable = new GraphQLScalarType({
  name: 'Uncompilable',
  serialize: String,
  parseValue: (value) => BigInt(String(value)),
  parseLiteral: () => 7n,
});

/** When the mutation began and ended. */
const changes: string[] = [];

const schema = makeExecutableSchema({
  typeDefs: `
    scalar Int64
    scalar DateTime
    scalar JSON
    input Change { id: ID! name: String size: Int = 3 tags: [String!] json: JSON time: DateTime int: Int64 }
    type Mutation { change(input: Change!): String! }
    input Order { field: String! = "ID" direction: String! = "ASC" }
    input Where { name: String and: [Where!] }
    scalar Uncompilable
    interface Shape { name: String! }
    type Circle implements Shape { name: String! radius: Int }
    type Square implements Shape { name: String! side: Int }
    type Query {
      int64(of: Int64!): Int64
      time(of: DateTime!): DateTime
      json(of: JSON): String
      uncompilable(of: Uncompilable!): Uncompilable
      shapes(first: Int = 2): [Shape!]!
      ordered(by: Order): String
      told(where: Where): String
      fails: String
      failsInside: String
      failsLate: [String!]
      never: String
      awaited: String!
    }`,
  resolvers: {
    Int64,
    DateTime,
    JSON: JSONScalar,
    Uncompilable,
    Shape: { __resolveType: (shape: { radius?: number }) => (shape.radius === undefined ? 'Square' : 'Circle') },
    Mutation: {
      change: async (_root, { input }) => {
        changes.push('begun');
        await Promise.resolve();
        changes.push('ended');
        return JSON.stringify(input, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
      },
    },
    Query: {
      int64: (_root, { of }) => BigInt(of),
      time: (_root, { of }) => BigInt(of),
      json: (_root, { of }) => JSON.stringify(of),
      uncompilable: (_root, { of }) => of,
      shapes: (_root, { first }) => [{ name: 'c', radius: 1 }, Promise.resolve({ name: 's', side: 2 })].slice(0, first),
      ordered: (_root, { by }) => `${by.field} ${by.direction}`,
      told: (_root, { where }) => JSON.stringify(where),
      fails: () => {
        throw new RegistryError('NOT_FOUND', 'There is none.', { argument: 'of', position: 3 });
      },
      failsInside: () => {
        throw new Error('connect ECONNREFUSED 10.0.0.7:8080 /srv/secret');
      },
      failsLate: () => [Promise.resolve('x'), Promise.reject(new RegistryError('UNAVAILABLE', 'Away.'))],
      never: () => new Promise(() => {}),
      awaited: async () => 'here',
    },
  },
});

const execute = createExecutor(schema, async () => {});

function context(timeoutMs = 30_000): Context {
  return createContext({ access: OPEN_ACCESS, store: {} as MetadataStore, log: createLog('silent'), timeoutMs });
}

async function run(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const operation = { key: query, document: parse(query), operationName, variables, context: context() };
  // As a client sees it.
  return JSON.parse(JSON.stringify(await execute(operation)));
}

describe('the compiled executor', () => {
  test('runs the same document again with other variables', async () => {
    const query = 'query ($n: Int) { shapes(first: $n) { name } }';
    expect((await run(query, { n: 1 })).data.shapes).toEqual([{ name: 'c' }]);
    expect((await run(query)).data.shapes).toEqual([{ name: 'c' }, { name: 's' }]);
  });

  test('resolves abstract types, fragments, aliases, @skip and @include', async () => {
    const query = `query ($yes: Boolean!, $no: Boolean!) {
      a: shapes { __typename name ... on Circle { radius } ...S @include(if: $yes) }
      b: shapes @skip(if: $yes) { name }
      c: awaited @include(if: $no)
    } fragment S on Square { size: side }`;
    expect((await run(query, { yes: true, no: false })).data).toEqual({
      a: [
        { __typename: 'Circle', name: 'c', radius: 1 },
        { __typename: 'Square', name: 's', size: 2 },
      ],
    });
    expect((await run(query, { yes: false, no: true })).data).toMatchObject({ b: { length: 2 }, c: 'here' });
  });

  test('keeps operations of one document apart', async () => {
    const query = 'query A { awaited } query B { shapes { name } }';
    expect((await run(query, {}, 'A')).data).toEqual({ awaited: 'here' });
    expect((await run(query, {}, 'B')).data).toEqual({ shapes: [{ name: 'c' }, { name: 's' }] });
    expect((await run(query)).errors[0].extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
    expect((await run(query, {}, 'C')).errors[0].message).toBe("There is no operation named 'C' in the document.");
    expect((await run('subscription { x }')).errors[0].message).toBe('There are no subscriptions.');
  });

  test('takes Int64 exactly: as a literal, as a text and as a variable', async () => {
    const greatest = '9223372036854775807';
    expect((await run(`{ int64(of: ${greatest}) }`)).data.int64).toBe(greatest);
    expect((await run(`{ int64(of: "-9223372036854775808") }`)).data.int64).toBe('-9223372036854775808');
    const query = 'query ($of: Int64!) { int64(of: $of) }';
    expect((await run(query, { of: greatest })).data.int64).toBe(greatest);
    expect((await run(query, { of: 5 })).data.int64).toBe('5');
    for (const of of [1.5, '9223372036854775808', 'x', null, 2 ** 60]) {
      expect((await run(query, { of })).errors[0].extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  test('takes an absent variable inside of a literal for absent, not for null', async () => {
    const query = 'query ($name: String, $deep: String) { told(where: { name: $name, and: [{ name: $deep }] }) }';
    for (const variables of [{}, { name: null }, { deep: 'x' }, { name: 'y', deep: null }]) {
      // The second time it is compiled.
      const [first, second] = [await run(query, variables), await run(query, variables)];
      expect(second).toEqual(first);
    }
    expect((await run(query, { deep: 'x' })).data.told).toBe('{"and":[{"name":"x"}]}');
    const order = 'query ($field: String) { ordered(by: { field: $field }) }';
    await run(order);
    expect((await run(order)).data.ordered).toBe('ID ASC');
    expect((await run(order, { field: 'NAME' })).data.ordered).toBe('NAME ASC');
  });

  test('compiles a variable of an input type that contains itself', async () => {
    const query = 'query ($where: Where) { told(where: $where) }';
    expect(createCompiler(schema)(parse(query), undefined)).not.toBeNull();
    const where = { name: 'a', and: [{ name: 'b' }] };
    await run(query, { where });
    expect(JSON.parse((await run(query, { where })).data.told)).toEqual(where);
  });

  test('heeds the condition of each place where a fragment is spread, however often it came before', async () => {
    const queries = [
      'query ($s: Boolean!) { a: shapes { ...A @include(if: $s) } b: shapes { ...A } } fragment A on Shape { name }',
      'query ($s: Boolean!) { shapes { ...A @include(if: $s) ...A } } fragment A on Shape { name }',
      'query ($s: Boolean!) { a: shapes { ... @skip(if: $s) { ...A } } b: shapes { ...A } } fragment A on Shape { name }',
      'query ($s: Boolean!) { a: shapes { ...B } b: shapes { ...A } } fragment B on Shape { ...A @skip(if: $s) } fragment A on Shape { name }',
    ];
    for (const query of queries) {
      for (const s of [true, false]) {
        const [first, ...again] = [await run(query, { s }), await run(query, { s }), await run(query, { s })];
        for (const each of again) expect(each).toEqual(first);
        expect(JSON.stringify(first.data)).toContain('"name":"c"');
      }
    }
  });

  test('takes DateTime: as a literal and as a variable, and only what is a time', async () => {
    for (const [text, time] of [
      ['2024-02-20T06:06:37.765Z', '2024-02-20T06:06:37.765Z'],
      ['2024-02-20T06:06:37.765987+00:00', '2024-02-20T06:06:37.765Z'],
      ['2024-02-29T23:00-02:30', '2024-03-01T01:30:00.000Z'],
      ['+010000-01-01T00:00:00Z', '+010000-01-01T00:00:00.000Z'],
      ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ]) {
      for (const _again of [1, 2, 3]) expect((await run(`{ time(of: "${text}") }`)).data).toEqual({ time });
      const query = 'query ($of: DateTime!) { time(of: $of) }';
      for (const _again of [1, 2, 3]) expect((await run(query, { of: text })).data).toEqual({ time });
    }
    const wrong = ['2024-02-30T00:00:00Z', '2024-02-20', '2024-02-20T06:06:37', '1708409197765', 'now', '', null, 5];
    for (const of of [...wrong, '2024-13-01T00:00:00Z', '2024-02-20T25:00:00Z', '2024-02-20T06:06:37.765Z ']) {
      const { errors } = await run('query ($of: DateTime!) { time(of: $of) }', { of });
      expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  test('takes JSON of every shape: as a literal and as a variable', async () => {
    const literal = '{ a: [1, 2.5, "x", true, null, RED], b: { c: {} }, d: "5" }';
    const json = '{"a":[1,2.5,"x",true,null,"RED"],"b":{"c":{}},"d":"5"}';
    for (const _again of [1, 2, 3]) expect((await run(`{ json(of: ${literal}) }`)).data).toEqual({ json });
    const query = 'query ($of: JSON) { json(of: $of) }';
    const variable = { of: JSON.parse(json) };
    for (const _again of [1, 2, 3]) expect((await run(query, variable)).data).toEqual({ json });
    const own = { of: JSON.parse('{"__proto__":{"x":1}}') };
    for (const _again of [1, 2, 3]) expect((await run(query, own)).data).toEqual({ json: '{"__proto__":{"x":1}}' });
  });

  test('gives a mutation the same input however often it came before: what is absent is absent', async () => {
    const query = `mutation ($id: ID!, $name: String, $tag: String, $json: JSON, $int: Int64, $inside: Int) {
      change(input: {
        id: $id, name: $name, tags: [$tag], time: "2024-02-20T06:06:37.765Z", int: $int, json: { a: $json, b: [$inside] }
      })
    }`;
    const changed = async (variables: Record<string, unknown>) => JSON.parse((await run(query, variables)).data.change);
    const time = '1708409197765';
    for (const _again of [1, 2, 3]) {
      expect(await changed({ id: '1', tag: 't', inside: 5, json: { c: 1 }, int: '9223372036854775807' })).toEqual({
        ...{ id: '1', size: 3, tags: ['t'], time, int: '9223372036854775807', json: { a: { c: 1 }, b: [5] } },
      });
      expect(await changed({ id: '1', tag: 't', name: null, inside: 6 })).toEqual({
        ...{ id: '1', size: 3, tags: ['t'], time, name: null, json: { b: [6] } },
      });
    }
    const whole = 'mutation ($input: Change!) { change(input: $input) }';
    for (const _again of [1, 2, 3]) {
      const { data } = await run(whole, { input: { id: '1', size: null } });
      expect(JSON.parse(data.change)).toEqual({ id: '1', size: null });
    }
  });

  test('runs the mutations of a document one after the other', async () => {
    for (const _again of [1, 2, 3]) {
      changes.splice(0);
      await run('mutation { a: change(input: { id: 1 }) b: change(input: { id: 2 }) }');
      expect(changes).toEqual(['begun', 'ended', 'begun', 'ended']);
    }
  });

  test('leaves to graphql-js what graphql-jit cannot compile', async () => {
    expect((await run('{ uncompilable(of: 1) awaited }')).data).toEqual({ uncompilable: '7', awaited: 'here' });
  });

  test('tells errors in variables as the bad input of the client', async () => {
    const { data, errors } = await run('query ($n: Int) { shapes(first: $n) { name } }', { n: 'many' });
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' }, locations: [{ line: 1 }] });
    const long = await run('query ($n: Int) { shapes(first: $n) { name } }', { n: 'x'.repeat(10_000) });
    expect(long.errors[0].message.length).toBeLessThanOrEqual(500);
  });

  test('takes the defaults inside of an input object and of a variable that may not be null', async () => {
    const { data, errors } = await run('query ($by: Order) { ordered(by: $by) }', { by: { direction: 'DESC' } });
    expect({ data, errors }).toEqual({ data: { ordered: 'ID DESC' }, errors: undefined });
    const query = 'query ($no: Boolean! = false) { awaited @include(if: $no) ordered(by: {}) }';
    for (const _again of [1, 2, 3]) expect((await run(query)).data).toEqual({ ordered: 'ID ASC' });
    for (const _again of [1, 2, 3])
      expect((await run('query ($by: Order) { ordered(by: $by) }', { by: {} })).data.ordered).toBe('ID ASC');
  });

  test('puts an error beside the data of the other fields, with its place', async () => {
    const { data, errors } = await run('{ fails awaited failsLate }');
    expect(data).toEqual({ fails: null, awaited: 'here', failsLate: null });
    expect(errors).toEqual(
      expect.arrayContaining([
        {
          message: 'There is none.',
          path: ['fails'],
          locations: [{ line: 1, column: 3 }],
          extensions: { code: 'NOT_FOUND', argument: 'of', position: 3, field: ['of'], retryable: false },
        },
        expect.objectContaining({
          path: ['failsLate', 1],
          extensions: { code: 'BACKEND_UNAVAILABLE', retryable: true },
        }),
      ]),
    );
  });

  test('tells nothing of a failure inside', async () => {
    const { data, errors } = await run('{ failsInside }');
    expect(data).toEqual({ failsInside: null });
    expect(errors[0]).toMatchObject({ message: 'Internal error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(JSON.stringify(errors)).not.toMatch(/ECONN|10\.0|secret|stack/);
  });

  test('ends with one error when its time is over, and when it is stopped', async () => {
    const query = '{ a: never b: never awaited }';
    const late = await execute({
      key: query,
      document: parse(query),
      operationName: undefined,
      variables: {},
      context: context(20),
    });
    expect(late).toMatchObject({ data: null, errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }] });
    const stopped = context();
    const result = execute({
      key: query,
      document: parse(query),
      operationName: undefined,
      variables: {},
      context: stopped,
    });
    stopped.stop(new RegistryError('CANCELLED', 'Gone.'));
    expect(await result).toMatchObject({ data: null, errors: [{ message: 'Gone.' }] });
  });

  test('forgets the oldest of many documents, and compiles it again', async () => {
    for (let index = 0; index < 600; index += 1) expect((await run(`{ _${index}: awaited }`)).errors).toBeUndefined();
    expect((await run('{ _0: awaited }')).data).toEqual({ _0: 'here' });
  });
});
