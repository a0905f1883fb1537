import { afterAll, beforeAll, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { type Harness, openHarness } from './harness.ts';
import { run } from './process.ts';
import { blocksOf, readme, sectionOf } from './readme.ts';

const [query = ''] = blocksOf(sectionOf(readme, 'Ask'), 'graphql');
const [traced = ''] = blocksOf(sectionOf(readme, 'Trace'), 'graphql');
const [mutation = ''] = blocksOf(sectionOf(readme, 'Register'), 'graphql');

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ fill: fillWithDemoData });
});
afterAll(() => harness?.[Symbol.asyncDispose]());

test("the README's query traces the newest model to its data, and to where it serves", async () => {
  const { data, errors } = await harness.query(query);
  expect(errors).toBeUndefined();
  const { latestVersion } = data.registeredModels.nodes[0];
  expect(latestVersion.serves.nodes.at(-1).inferenceService.servingEnvironment.name).toBe('production');
  expect(latestVersion.modelArtifacts.nodes[0].artifact.producedBy.nodes[0].inputs.nodes[0].uri).toBeTruthy();
});

test("the README's second query tells what depends on a dataset, down to production", async () => {
  const { data, errors } = await harness.query(traced);
  expect(errors).toBeUndefined();
  expect(data.impact.items.at(-1).node).toEqual({ kind: 'ServingEnvironment', label: 'production' });
  expect(data.impact.items.at(-1).path[0]).toEqual({ label: 'sst-2' });
});

test("the README's mutation registers a model, once", async () => {
  const first = (await harness.query(mutation)).data.createRegisteredModel;
  expect(first).toMatchObject({ registeredModel: { name: 'churn', state: 'LIVE' }, userErrors: [] });
  const second = (await harness.query(mutation)).data.createRegisteredModel;
  expect(second).toMatchObject({
    registeredModel: null,
    userErrors: [{ code: 'NAME_TAKEN', field: ['name'], databaseId: first.registeredModel.databaseId }],
  });
});

test('the README has no query that no test runs', () => {
  const elsewhere = blocksOf(sectionOf(readme, "Write with ML Metadata's clients"), 'graphql'); // python-readme.test.ts
  expect(blocksOf(readme, 'graphql')).toEqual([query, traced, mutation, ...elsewhere]);
});

test("the README's table has every option of serve, and no other", async () => {
  const { stdout } = await run(['serve', '--help']);
  const offered = [...stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
  const table = readme.slice(readme.indexOf('| option |'), readme.indexOf('Opening a file'));
  const told = [...table.matchAll(/--[a-z][\w-]*/g)].map(([option]) => option);
  expect(new Set(told)).toEqual(new Set(offered.filter((option) => option !== '--help')));
});
