import { globSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../src/demo/fill.ts';
import { openStore } from '../src/mlmd/open.ts';
import { type Harness, openHarness } from './harness.ts';
import { requireReference } from './reference/require.ts';

const examples = globSync(new URL('../web/playground/examples/*.graphql', import.meta.url).pathname).sort();

/** The C++ engine reads doubles with 15 digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === 'number' ? Number(each.toPrecision(6)) : each,
  );
}

/** One file, served by the embedded store and by the C++ engine: every example of the playground has the same answer. */
describe.skipIf(requireReference())('both stores on the demonstration data', () => {
  let folder: string;
  let embedded: Harness;
  let remote: Harness;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgraph-test-'));
    const file = join(folder, 'demo.sqlite');
    const { store } = await openStore({ db: file });
    await fillWithDemoData(store);
    await store.close();
    await copyFile(file, join(folder, 'copy.sqlite'));
    embedded = await openHarness({ kind: 'embedded', file });
    remote = await openHarness({ kind: 'remote', file: join(folder, 'copy.sqlite') });
  });
  afterAll(async () => {
    await embedded?.[Symbol.asyncDispose]();
    await remote?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(examples.map((file) => [basename(file), file] as const))('%s', async (_name, file) => {
    const query = readFileSync(file, 'utf8');
    const ours = await embedded.query(query);
    expect(ours.errors).toBeUndefined();
    expect(rounded(ours)).toEqual(rounded(await remote.query(query)));
  });

  test('every node, with everything that it has', async () => {
    const all = (kind: string, after: string | null) => `{ page: ${kind}(first: 20, after: ${JSON.stringify(after)}) {
      nodes { id databaseId name externalId createTime lastUpdateTime type { name version baseType: name }
        propertyMap customPropertyMap contexts(first: 100) { nodes { id } } events(first: 100) { nodes { type time path { key index } } } }
      pageInfo { hasNextPage endCursor } } }`;
    for (const kind of ['artifacts', 'executions']) {
      for (let after: string | null = null, more = true; more; ) {
        const query = all(kind, after);
        const ours = await embedded.query(query);
        expect(ours.errors).toBeUndefined();
        expect(rounded(ours)).toEqual(rounded(await remote.query(query)));
        ({ endCursor: after, hasNextPage: more } = ours.data.page.pageInfo);
      }
    }
  });
});
