import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { range } from '../fill.ts';
import { type Harness, openHarness } from '../harness.ts';
import { idOf, putSmallWorld } from './small-world.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ fill: putSmallWorld });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

/** What an answer has of node V: of its first node, and of the start of a link from it. */
interface Shown {
  readonly node: object;
  readonly from: object;
}

const V = { id: idOf('V') };
const AS_VERSION = { __typename: 'ModelVersion', name: 'v' };
const AS_CONTEXT = { __typename: 'Context', name: '1:v' };

/** Selections of a node, and how V is shown by them. */
const SELECTIONS: Readonly<Record<string, readonly [selection: string, shown: object, fragments?: string]>> = {
  'the id': ['id', V],
  'the id and the type, which is MLMD’s': ['id __typename', { ...V, __typename: 'Context' }],
  'what all nodes have': ['id kind', { ...V, kind: 'ModelVersion' }],
  'the id in a fragment': ['... on LineageNode { id }', V],
  'the id in a fragment on Node': ['... on Node { id } ... { __typename }', { ...V, __typename: 'Context' }],
  'the id in a named fragment': ['...Named', V, 'fragment Named on LineageNode { id }'],
  'a noun of the registry': ['__typename ... on ModelVersion { name }', AS_VERSION],
  'no more of a noun than its id': ['__typename ... on ModelVersion { id }', { ...V, __typename: 'ModelVersion' }],
  'a noun in a named fragment': ['__typename ...Named', AS_VERSION, 'fragment Named on ModelVersion { name }'],
  'a noun in a fragment in a fragment': [
    '...Outer',
    AS_VERSION,
    'fragment Outer on LineageNode { __typename ...Inner } fragment Inner on ModelVersion { name }',
  ],
  'another noun': ['__typename ... on ModelArtifact { name }', { __typename: 'Context' }],
  'nouns and kind': [
    'kind ... on ModelVersion { state } ... on RegisteredModel { name }',
    { kind: 'ModelVersion', state: 'ARCHIVED' },
  ],
  'MLMD’s node': ['__typename ... on Context { name }', AS_CONTEXT],
  'MLMD’s node beside the noun': ['__typename ... on Context { name } ... on ModelVersion { author }', AS_CONTEXT],
  'what is included': ['id ... on ModelVersion @include(if: true) { name }', { ...V, name: 'v' }],
};

/** The same three times: graphql-js answers first, then it is compiled, then it is known. */
async function thrice(query: string, variables: object = {}): Promise<Shown> {
  const answers = [];
  for (const _turn of range(3)) answers.push(await harness.query(query, { ...variables }));
  const [first] = answers;
  expect(first?.errors).toBeUndefined();
  for (const answer of answers) expect(answer).toEqual(first);
  const { nodes, edges } = first?.data.lineage ?? {};
  return { node: nodes[0], from: edges[0].from };
}

const document = (selection: string, fragments = '', variables = '') =>
  `query ${variables} { lineage(of: "${idOf('V')}", direction: DOWNSTREAM, maxDepth: 1, maxNodes: 9) {
    nodes { ${selection} } edges { from { ${selection} } } } } ${fragments}`;

describe('a node is shown the same, by graphql-js and compiled, as a node and at the end of a link', () => {
  test.each(Object.entries(SELECTIONS))('by %s', async (_name, [selection, shown, fragments]) => {
    expect(await thrice(document(selection, fragments))).toEqual({ node: shown, from: shown });
  });

  test('by a fragment that one request has and the next has not', async () => {
    const selection = 'id ... on ModelVersion @include(if: $is) { name }';
    const query = document(selection, '', '($is: Boolean!)');
    for (const is of [true, false, true, false]) {
      const shown = is ? { ...V, name: 'v' } : V;
      expect(await thrice(query, { is })).toEqual({ node: shown, from: shown });
    }
  });

  test('by a named fragment that one request has and the next has not', async () => {
    const query = document(
      'id ...Named @skip(if: $not)',
      'fragment Named on ModelVersion { name }',
      '($not: Boolean!)',
    );
    for (const not of [true, false, true]) {
      const shown = not ? V : { ...V, name: 'v' };
      expect(await thrice(query, { not })).toEqual({ node: shown, from: shown });
    }
  });

  test('as two things in one answer', async () => {
    const answers = await Promise.all(
      range(3).map(() =>
        harness.query(`{ lineage(of: "${idOf('V')}", maxDepth: 1, direction: DOWNSTREAM) {
          nodes { ... on ModelVersion { name } }
          contexts: nodes { ... on Context { name } }
          edges { from { id } to { __typename ... on InferenceService { name } } } } }`),
      ),
    );
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect([data.lineage.nodes[0], data.lineage.contexts[0]]).toEqual([{ name: 'v' }, { name: '1:v' }]);
      const services = data.lineage.edges.filter((edge: { to: { name?: string } }) => edge.to.name);
      expect(new Set(services.map((edge: { to: { name: string } }) => edge.to.name))).toEqual(new Set(['s', 'newest']));
    }
  });
});
