import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference, tfxImdb } from './reference/require.ts';

const folder = new URL('query/', import.meta.url).pathname;
const missing = requireReference();

/** Every query file is a test of its answer, the same on both stores, and of its cost, which each store has its own of. */
describe.skipIf(missing).each(STORE_KINDS)('golden queries, %s store', (kind) => {
  describe('a real TFX run', () => goldens('*.graphql', () => openHarness({ kind, file: tfxImdb })));
  // Our own store writes the demonstration for both kinds: the data is the same, and ids are given in the same order.
  describe('the registry', () => goldens('registry/*.graphql', () => openHarness({ kind, fill: fillWithDemoData })));

  describe('changes', () => {
    test.each(goldenFiles('changes/*.graphql'))('%s', async (_name, file) => {
      await using harness = await openHarness({ kind, fill: fillWithDemoData });
      await harness.query('{ context(databaseId: "1") { parents { nodes { id } } } }');
      await expectGolden(file, await asked(harness, readFileSync(file, 'utf8')));
    });
  });

  function goldenFiles(pattern: string) {
    return globSync(`${folder}${pattern}`)
      .sort()
      .map((file) => [basename(file, '.graphql'), file] as const);
  }

  async function expectGolden(file: string, { answer, calls }: Awaited<ReturnType<typeof asked>>): Promise<void> {
    await expect(`${JSON.stringify(answer, null, 1)}\n`).toMatchFileSnapshot(file.replace('.graphql', '.json'));
    const snapshot = file.replace('.graphql', `.${kind}.rpcs.json`);
    await expect(`${JSON.stringify(calls, null, 1)}\n`).toMatchFileSnapshot(snapshot);
  }

  function goldens(pattern: string, open: () => Promise<Harness>): void {
    let harness: Harness | undefined;

    beforeAll(async () => {
      harness = await open();
      // The first question about relatives finds out whether the server has the plural RPCs, and the first one about
      // lineage whether the store has the registry's types; no golden counts that.
      await harness.query(
        '{ context(databaseId: "1") { parents { nodes { id } } } lineage(of: ["context:1"]) { missing } }',
      );
    });
    afterAll(() => harness?.[Symbol.asyncDispose]());

    test.each(goldenFiles(pattern))('%s', async (_name, file) => {
      if (!harness) throw new Error('the gateway is not open');
      const text = readFileSync(file, 'utf8');
      const first = await asked(harness, text);
      await expectGolden(file, first);
      // graphql-js ran it; from the second time on it is compiled.
      expect(await asked(harness, text)).toEqual(first);
    });
  }
});

/** The answer without its status, and the calls that it cost. */
async function asked(harness: Harness, query: string) {
  harness.calls.length = 0;
  const { status, ...answer } = await harness.query(query);
  expect({ status, errors: answer.errors }).toEqual({ status: 200, errors: undefined });
  // Sorted: over the network, calls of one level may leave in any order.
  return { answer, calls: [...harness.calls].sort() };
}
