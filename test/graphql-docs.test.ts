import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference } from './reference/require.ts';

const page = readFileSync(new URL('../docs/graphql.md', import.meta.url), 'utf8');
const questions = page.split(/^### /m).slice(1);

test('docs/graphql.md asks ten questions', () => {
  expect(questions.filter((question) => /^\d+\. .*\?$/m.test(question))).toHaveLength(10);
});

describe.each(STORE_KINDS)('docs/graphql.md, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;

  describe.skipIf(missing)(`answers ${missing ?? ''}`, () => {
    let harness: Harness;
    beforeAll(async () => {
      harness = await openHarness({ kind, fill: fillWithDemoData });
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    // In their order: those that write come last.
    test.each(questions.map((question) => [question.split('\n')[0] ?? '', question]))(
      '%s',
      async (_title, question) => {
        const [, query = '', answer = ''] = /```graphql\n(.*?)```\n\n```json\n(.*?)```/s.exec(question) ?? [];
        const { data, errors } = await harness.query(query);
        expect(errors).toBeUndefined();
        expect(data).toEqual(JSON.parse(answer));
      },
    );
  });
});
