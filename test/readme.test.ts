import { afterAll, beforeAll, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { type Harness, openHarness } from './harness.ts';
import { run } from './process.ts';
import { blocksOf, readme, sectionOf } from './readme.ts';

const queries = blocksOf(sectionOf(readme, 'Ask'), 'graphql');

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ fill: fillWithDemoData });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

test.each(queries)("the README's query finds something in the demonstration data: %s", async (query) => {
  const { data, errors } = await harness.query(query);
  expect(errors).toBeUndefined();
  const [artifact] = data.artifacts.nodes;
  expect(artifact.producedBy.nodes[0].inputs.edges[0].node.uri).toBeTruthy();
});

test('the README has no query that no test runs', () => {
  const elsewhere = blocksOf(sectionOf(readme, "Write with ML Metadata's clients"), 'graphql'); // python-readme.test.ts
  expect(queries).toHaveLength(1);
  expect(blocksOf(readme, 'graphql')).toEqual([...queries, ...elsewhere]);
});

test("the README's table has every option of serve, and no other", async () => {
  const { stdout } = await run(['serve', '--help']);
  const offered = [...stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
  const table = readme.slice(readme.indexOf('| option |'), readme.indexOf('Opening a file'));
  const told = [...table.matchAll(/--[a-z][\w-]*/g)].map(([option]) => option);
  expect(new Set(told)).toEqual(new Set(offered.filter((option) => option !== '--help')));
});
