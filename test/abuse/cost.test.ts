import { globSync, readFileSync } from 'node:fs';
import { type DocumentNode, Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { describe, expect, test } from 'vitest';

import * as cli from '../../src/generated/cli-operations.ts';
import * as client from '../../src/generated/client-operations.ts';
import { createCostCounter, MAX_COST } from '../../src/limits/cost.ts';
import { readRest } from '../../src/rest.ts';
import { createSchema } from '../../src/schema.ts';

const schema = createSchema();
const count = createCostCounter(schema);

/** The cost of the only operation, or of the one of that name. */
function costOf(document: DocumentNode, variables: Readonly<Record<string, unknown>> = {}, name?: string) {
  const operation = operationsOf(document).find((each) => name === undefined || each.name?.value === name);
  if (!operation) throw new Error('no operation');
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (errors) throw errors[0];
  return count(document, operation, coerced);
}

function operationsOf({ definitions }: DocumentNode): OperationDefinitionNode[] {
  return definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
}

describe('the cost of an operation', () => {
  const cases: readonly (readonly [text: string, cost: number, variables?: Readonly<Record<string, unknown>>])[] = [
    ['{ __typename }', 1],
    ['{ artifact(databaseId: "1") { uri } }', 1],
    ['{ artifacts { nodes { uri } } }', 2],
    ['{ artifacts(first: 7) { nodes { uri } } }', 8],
    ['{ artifacts(first: 7) { edges { node { uri } } pageInfo { hasNextPage } } }', 16],
    ['query ($n: Int) { artifacts(first: $n) { nodes { uri } } }', 8, { n: 7 }],
    ['query ($n: Int) { artifacts(first: $n) { nodes { uri } } }', 2],
    ['query ($n: Int) { artifacts(first: $n) { nodes { uri } } }', 2, { n: null }],
    ['query ($n: Int = 7) { artifacts(first: $n) { nodes { uri } } }', 8],
    ['query ($n: Int = 7) { artifacts(first: $n) { nodes { uri } } }', 4, { n: 3 }],
    ['{ artifacts(first: 7) { nodes { type { name } } } }', 15],
    ['{ artifacts(first: 7) { nodes { contexts(first: 3) { nodes { id } } } } }', 1 + 7 * (1 + 1 + 3)],
    ['{ artifacts(first: 7) { nodes { contexts { nodes { id } } } } }', 1 + 7 * 3],
    ['{ artifacts(first: 7) { ...P } } fragment P on ArtifactConnection { nodes { uri } }', 8],
    ['{ artifacts(first: 7) { ... on ArtifactConnection { nodes { uri } } } }', 8],
    [
      '{ a: artifacts(first: 7) { ...P } b: artifacts { ...P } } fragment P on ArtifactConnection { nodes { uri } }',
      10,
    ],
    ['{ artifacts(first: 7) { nodes @skip(if: true) { uri } } }', 1],
    ['query ($y: Boolean!) { artifacts(first: 7) @include(if: $y) { nodes { uri } } }', 1, { y: false }],
    ['query ($y: Boolean!) { artifacts(first: 7) @include(if: $y) { nodes { uri } } }', 8, { y: true }],
    ['query ($y: Boolean!) { ...F @skip(if: $y) } fragment F on Query { artifacts { nodes { uri } } }', 1, { y: true }],
    ['{ nodes(ids: ["a", "b"]) { id } }', 1],
    ['{ lineage(of: ["artifact:1"], maxNodes: 10000) { nodes { label } edges { kind } } }', 3],
    ['{ provenanceDiff(a: "x", b: "y", first: 50) { changes { before { id } } completeness { complete } } }', 102],
    ['mutation { createExperiment(input: { name: "e" }) { experiment { id } userErrors { code } } }', 3],
  ];

  test.each(cases.map(([text, cost, variables = {}]) => ({ text, cost, variables })))('$text is $cost', (each) => {
    expect(costOf(parse(each.text), each.variables).requested).toBe(each.cost);
  });

  test('is at least what it is with a row in each list, but never more than was asked for', () => {
    expect(costOf(parse('{ artifacts(first: 7) { nodes { uri } } }')).least).toBe(2);
    expect(costOf(parse('{ artifacts(first: 7) @skip(if: true) { nodes { uri } } }')).least).toBe(1);
  });

  test('counts changes, those in fragments too', () => {
    const change = 'createExperiment(input: { name: "e" }) { userErrors { code } }';
    const text = `mutation { a: ${change} ...M } fragment M on Mutation { b: ${change} c: ${change} }`;
    expect(costOf(parse(text)).changes).toBe(3);
    expect(costOf(parse('{ artifacts { nodes { uri } } }')).changes).toBe(0);
  });

  test('is of the operation that is run alone', () => {
    const document = parse('query A { artifacts { nodes { id } } } query B { artifacts(first: 90) { nodes { id } } }');
    expect(costOf(document, {}, 'A').requested).toBe(2);
    expect(costOf(document, {}, 'B').requested).toBe(91);
  });

  test('of fragments that double 300 times is told all the same', () => {
    const doubling = Array.from({ length: 300 }, (_, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`);
    const leaf = 'fragment F300 on Query { artifacts(first: 100) { nodes { id } } }';
    expect(costOf(parse(`{ ...F0 } ${doubling.join(' ')} ${leaf}`)).requested).toBeGreaterThan(1e90);
  });
});

/** The most that our own clients ask a list for, where they leave it to their users. */
const MOST: Readonly<Record<string, number>> = { 'cli Diff': 1_200, '/api/modelgraph/v1 getDiff': 2_000 };

function withMost(name: string, { variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of variableDefinitions) {
    const key = variable.name.value;
    if (defaultValue?.kind === Kind.INT) values[key] = Number(defaultValue.value);
    if (key === 'first' || key === 'pageSize') values[key] = MOST[name] ?? 100;
    if (print(type).startsWith('Boolean')) values[key] = true;
  }
  return values;
}

function* ownDocuments(): Generator<readonly [name: string, document: DocumentNode]> {
  for (const [set, operations] of Object.entries({ cli, client })) {
    for (const text of Object.values(operations)) {
      const document = parse(String(text));
      yield [`${set} ${operationsOf(document)[0]?.name?.value}`, document];
    }
  }
  for (const { api, operations } of readRest(schema)) {
    for (const { document } of operations) yield [`${api.base} ${operationsOf(document)[0]?.name?.value}`, document];
  }
  for (const file of globSync('{web/playground/examples,test/query}/**/*.graphql').sort()) {
    yield [file, parse(readFileSync(file, 'utf8'))];
  }
  for (const page of ['README.md', ...globSync('docs/*.md').sort()]) {
    if (page === 'docs/limits.md') continue; // shows what costs too much
    for (const [, text = ''] of readFileSync(page, 'utf8').matchAll(/```graphql\n(.*?)```/gs)) {
      // Some show documents of types, or of routes.
      if (!/@rest|^type |^extend /m.test(text)) yield [page, parse(text)];
    }
  }
}

test('what our own documents cost at most', async () => {
  const costs = [...ownDocuments()].flatMap(([name, document]) =>
    operationsOf(document).map(
      (operation) => [name, count(document, operation, withMost(name, operation)).requested] as const,
    ),
  );
  expect(costs.length).toBeGreaterThan(250);
  expect(costs.filter(([, cost]) => cost > MAX_COST)).toEqual([]);
  const large = costs.filter(([, cost]) => cost >= 500);
  const told = large.map(([name, cost]) => `${String(cost).padStart(6)} ${name}\n`).sort();
  await expect(told.toReversed().join('')).toMatchFileSnapshot('own-documents-from-500.txt');
});
