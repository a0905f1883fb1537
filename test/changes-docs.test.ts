import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { openHarness } from './harness.ts';
import { KINDS } from './registry/rig.ts';

const page = readFileSync(new URL('../docs/changes.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```graphql\n(.*?)```\n\n```json\n(.*?)```/gs)];

test.each(KINDS)('the examples of docs/changes.md answer as it says, on the %s store', async (kind) => {
  await using harness = await openHarness({ kind, fill: fillWithDemoData });
  expect(examples).toHaveLength(5);
  for (const [, query = '', answer = ''] of examples) {
    const { data, errors } = await harness.query(query);
    expect({ data, errors }).toEqual({ data: JSON.parse(answer), errors: undefined });
  }
});
