import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Harness, openHarness, STORE_KINDS } from './harness.ts';
import { requireReference, tfxImdb } from './reference/require.ts';

const folder = new URL('query/', import.meta.url).pathname;
const files = globSync(`${folder}*.graphql`).sort();
const missing = requireReference();

/** Every query file is a test of its answer, the same on both stores, and of its cost, which each store has its own of. */
describe.skipIf(missing).each(STORE_KINDS)('golden queries, %s store', (kind) => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await openHarness({ kind, file: tfxImdb });
    // The first question about relatives finds out whether the server has the plural RPCs; no golden counts that.
    await harness.query('{ context(databaseId: "1") { parents { nodes { id } } } }');
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  test.each(files.map((file) => [basename(file, '.graphql'), file] as const))('%s', async (_name, file) => {
    harness.calls.length = 0;
    const { status, ...answer } = await harness.query(readFileSync(file, 'utf8'));
    expect({ status, errors: answer.errors }).toEqual({ status: 200, errors: undefined });
    await expect(`${JSON.stringify(answer, null, 1)}\n`).toMatchFileSnapshot(file.replace('.graphql', '.json'));
    // Sorted: over the network, calls of one level may leave in any order.
    const calls = [...harness.calls].sort();
    const snapshot = file.replace('.graphql', `.${kind}.rpcs.json`);
    await expect(`${JSON.stringify(calls, null, 1)}\n`).toMatchFileSnapshot(snapshot);
  });
});
