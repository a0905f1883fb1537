import { existsSync, readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';

import { readFieldRules } from '../../src/auth/field-rules.ts';
import { RPC_RULES } from '../../src/guard/rpc-rules.ts';
import { RPC_NAMES } from '../../src/mlmd/store.ts';
import { createSchema } from '../../src/schema.ts';

const HEAD = `
  directive @access(verb: AccessVerb!, resource: AccessResource!) on FIELD_DEFINITION
  directive @accessOfEachNode on FIELD_DEFINITION
  enum AccessVerb { GET LIST CREATE UPDATE ARCHIVE }
  enum AccessResource { ARTIFACTS CONTEXTS REGISTERED_MODELS LINEAGE SECRETS }
  interface Node { id: ID! }
`;

test.each([
  ['a root field', 'type Query { version: String }', 'Query.version'],
  ['a mutation', 'type Query { a: Int @accessOfEachNode } type Mutation { change: Int }', 'Mutation.change'],
  [
    'a field to a node',
    'type Query { a: A @access(verb: GET, resource: ARTIFACTS) } type A implements Node { id: ID! next: A }',
    'A.next',
  ],
  [
    'a field to what holds nodes',
    'type Query { a: A @access(verb: GET, resource: ARTIFACTS) } type A implements Node { id: ID! other: B } type B { as: [C!] } type C { a: A @accessOfEachNode }',
    'A.other, B.as',
  ],
])('%s without a rule stops the start', (_what, sdl, places) => {
  const schema = buildSchema(`${HEAD}${sdl}`);
  expect(() => readFieldRules(schema)).toThrow(`Fields without a rule of access: ${places}.`);
});

test('a rule about what there is no right to stops the start', () => {
  const schema = buildSchema(`${HEAD} type Query { a: Int @access(verb: GET, resource: SECRETS) }`);
  expect(() => readFieldRules(schema)).toThrow('The rule of access of Query.a names no verb and resource.');
});

test('connections, their edges and payloads go by the field that gave them', () => {
  const schema = buildSchema(`${HEAD}
    type Query { as: AConnection @access(verb: LIST, resource: ARTIFACTS) }
    type AConnection { nodes: [A!] edges: [AEdge!] } type AEdge { node: A } type A implements Node { id: ID! }`);
  const rules = readFieldRules(schema);
  expect(rules('Query', 'as')).toEqual({ verb: 'list', resource: 'artifacts' });
  expect(rules('AConnection', 'nodes')).toBeUndefined();
});

test('the schema and the service have a rule for everything', () => {
  expect(() => readFieldRules(createSchema())).not.toThrow();
  expect(Object.keys(RPC_RULES).sort()).toEqual([...RPC_NAMES].sort());
});

test('the tests that the page on security names are there', () => {
  const named = readFileSync('docs/security.md', 'utf8').match(/test\/[\w/-]+(?:\.test\.ts)?/g) ?? [];
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((path) => !existsSync(path))).toEqual([]);
});
