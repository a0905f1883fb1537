import { readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { limitsFor } from '../../src/limits/limits.ts';
import { createProgram } from '../../src/program.ts';
import { openHarness, post } from '../harness.ts';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
const block = (language: string, index: number) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))][index]?.[1] ?? '';

test('an operation that costs too much is told so', async () => {
  await using harness = await openHarness();
  const { status, ...answer } = await harness.query(block('graphql', 0));
  expect({ status, answer }).toEqual({ status: 400, answer: JSON.parse(block('json', 0)) });
});

test('an answer tells of its cost, by the limits of a gateway that others can reach', async () => {
  const limits = limitsFor({ open: true, loopback: false }, {});
  await using harness = await openHarness({ fill: fillWithDemoData, limits });
  const answer = await post(harness.url, { query: block('graphql', 1) });
  const told = JSON.parse(block('json', 1));
  expect(answer.data.registeredModels.nodes).toHaveLength(told.cost.actual);
  // The bucket may have filled before it is told.
  told.cost.bucket.left = expect.any(Number);
  expect(answer).toMatchObject({ extensions: told });
});

test('the buckets of the table are those of a gateway', () => {
  const { cost, changes, failedLogins, maxInFlight } = limitsFor({ open: false, loopback: false }, {});
  const number = (value: number | undefined) => value?.toLocaleString('en');
  expect(page).toContain(`| cost | ${number(cost?.burst)} | ${number(cost?.perSecond)} a second |`);
  expect(page).toContain(`put | ${number(changes?.burst)} | ${number(changes?.perSecond)} a second |`);
  expect(page).toContain(`| ${failedLogins?.burst} | ${Math.round((failedLogins?.perSecond ?? 0) * 60)} a minute |`);
  expect(page).toContain(`${maxInFlight} requests are worked on at once`);
});

test('the manifest is one', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'modelgraph-manifest-'));
  const file = join(folder.path, 'persisted-documents.json');
  await writeFile(file, block('json', 2));
  await using harness = await openHarness({ trustedDocuments: [file, 'modelgraph'] });
  expect(await post(harness.url, { documentId: 'models' })).toMatchObject({ status: 200, data: {} });
  expect((await post(harness.url, { query: '{ __typename }' })).status).toBe(400);
});

test('every flag is one of `serve`', async () => {
  const serve = createProgram().commands.find((each) => each.name() === 'serve');
  await (await import('../../src/commands/define.ts')).defineServe(serve ?? createProgram());
  const known = (serve?.options ?? []).map(({ long }) => long);
  const flags = new Set(page.match(/--[a-z][a-z-]+/g));
  expect(flags.size).toBeGreaterThan(5);
  expect([...flags].filter((flag) => !known.includes(flag))).toEqual([]);
});
