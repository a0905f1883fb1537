import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { REGISTRY_KINDS, type RegistryKindName } from '../../src/domain/registry-kinds.ts';
import { listRegistry } from '../../src/registry/list.ts';
import { STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { type OpenedStore, openFilled } from '../registry-stores.ts';
import { fillKinds } from './kinds.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/registry-filter.md'), 'utf8');
const examples = [...page.matchAll(/```filter (\w+)\n([\s\S]*?)```/g)].flatMap(([, kind = '', text = '']) =>
  text
    .trim()
    .split('\n')
    .map((filter) => [kind, filter] as const),
);

describe.each(STORE_KINDS)('docs/registry-filter.md, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fillKinds);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  test.skipIf(missing).each(examples)('%s: %s', async (name, filterQuery) => {
    expect(Object.keys(REGISTRY_KINDS)).toContain(name);
    const kinds = [name as RegistryKindName];
    const { rows } = await listRegistry({ store: opened.store, call: {} }, kinds, { filterQuery });
    const all = await listRegistry({ store: opened.store, call: {} }, kinds, {});
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(all.rows.length);
  });
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(6);
});
