import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { MetadataStore } from '../../src/mlmd/store.ts';
import { type Harness, openHarness } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { ANSWERED, DIFFERENT, REFUSED } from './filter-cases.ts';
import { fillForFilters } from './filter-data.ts';
import { DIFFERENCES } from './filter-differences.ts';
import { type FilterStores, filtered, type Kind, NODE_KINDS, openFilterStores } from './filter-stores.ts';

/** Nothing of the inside may stand in a refusal. */
const INSIDE = /SELECT \w|\bj\d|json_each|sqlite|n\.type_id|variables|expression tree/i;

describe.skipIf(requireReference())('filters on both stores', () => {
  let stores: FilterStores;
  beforeAll(async () => {
    stores = await openFilterStores();
  });
  afterAll(() => stores?.[Symbol.asyncDispose]());

  const both = async (kind: Kind, filter: string) => ({
    ours: await filtered(stores.ours, kind, filter),
    engine: await filtered(stores.engine, kind, filter),
  });

  test.each(ANSWERED)('%s: %s', async (kind, filter, ids) => {
    expect(await both(kind, filter)).toEqual({ ours: ids, engine: ids });
  });

  test.each(REFUSED)('%s: %s is refused', async (kind, filter, position) => {
    const { ours, engine } = await both(kind, filter);
    expect(ours).toMatch(new RegExp(`^INVALID_ARGUMENT: filterQuery is wrong at character ${position}: `));
    expect(ours).not.toMatch(INSIDE);
    expect(engine).toMatch(/^INVALID_ARGUMENT/);
  });

  test.each(DIFFERENT)('%s: %s differs', async (kind, filter, ours, engine) => {
    const seen = await both(kind, filter);
    const code = (outcome: readonly number[] | string) =>
      typeof outcome === 'string' ? outcome.slice(0, outcome.indexOf(':')) : outcome;
    expect({ ours: code(seen.ours), engine: code(seen.engine) }).toEqual({ ours, engine });
  });

  const examples = [...documentation().matchAll(/```sql (\w+)\n([\s\S]*?)```/g)].flatMap(([, kind = '', text = '']) =>
    text
      .trim()
      .split('\n')
      .map((filter) => [kind, filter] as const),
  );

  test.each(examples)('docs/filter.md, %s: %s', async (kind, filter) => {
    const known = NODE_KINDS.find((each) => each === kind);
    if (!known) throw new Error(`docs/filter.md has an example for ${kind}`);
    const { ours, engine } = await both(known, filter);
    expect(ours).toBeInstanceOf(Array);
    expect(ours).toEqual(engine);
  });

  test('docs/filter.md describes each difference that the random filters may show', () => {
    const headings = [...documentation().matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(expect.arrayContaining(DIFFERENCES.map(({ name }) => name)));
  });

  test('docs/filter.md has examples for each kind', () => {
    expect(new Set(examples.map(([kind]) => kind))).toEqual(new Set(NODE_KINDS));
    expect(examples.length).toBeGreaterThan(20);
  });
});

describe('filters on the embedded store', () => {
  let store: MetadataStore;
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ fill: fillForFilters });
    store = harness.store;
  });
  afterAll(() => harness?.[Symbol.asyncDispose]());

  const many = (count: number, text: string, operator: string) => Array(count).fill(text).join(operator);
  const large = {
    'a list of 10,000 ids': [`id IN (${many(10_000, '1', ', ')})`, [1]],
    '5,000 conditions joined by OR': [many(5_000, 'id = 1', ' OR '), [1]],
    '5,000 conditions joined by AND': [many(5_000, 'id = 1', ' AND '), [1]],
    '500 conditions on one property joined by OR': [many(500, 'properties.i.int_value = 1', ' OR '), [1]],
    '200 parentheses': [`${'('.repeat(200)}id = 1${')'.repeat(200)}`, [1]],
    '200 times NOT': [`${'NOT '.repeat(200)}id = 1`, [1]],
    '50 properties in one condition': [
      Array.from({ length: 50 }, (_each, index) => `custom_properties.p${index}.int_value = 1`).join(' OR '),
      [],
    ],
    '500 properties, each in a condition of its own': [
      Array.from({ length: 500 }, (_each, index) => `custom_properties.p${index}.int_value = 1`).join(' AND '),
      [],
    ],
  } as const;

  test.each(Object.entries(large))('takes %s', async (_name, [filter, ids]) => {
    expect(await filtered(store, 'artifacts', filter)).toEqual(ids);
  });

  const tooLarge = {
    'a text of more than 65,536 characters': `id IN (${many(40_000, '1', ',')})`,
    '20,000 parentheses': '('.repeat(20_000),
    '20,000 times NOT': `${'NOT '.repeat(15_000)}id = 1`,
    '1,000 times NOT': `${'NOT '.repeat(1_000)}id = 1`,
    'a sum of 2,000': `id = ${many(2_000, '1', '+')}`,
    '100 properties in one condition': Array.from(
      { length: 100 },
      (_each, index) => `custom_properties.p${index}.int_value = 1`,
    ).join(' OR '),
    'a pattern of more than 50,000 bytes': `name LIKE '${'é'.repeat(25_001)}'`,
    'a call with 1,000 operands': `coalesce(${many(1_000, 'id', ',')}) = 1`,
    'half of a surrogate pair': "name = '\ud83d'",
  } as const;

  test.each(Object.entries(tooLarge))('refuses %s', async (_name, filter) => {
    const outcome = await filtered(store, 'artifacts', filter);
    expect(outcome).toMatch(/^INVALID_ARGUMENT: filterQuery is wrong at character \d+: /);
    expect(outcome).not.toMatch(INSIDE);
  });

  test.each([
    "name = 'zqx' OR uri LIKE '%zqx%' OR name IN ('zqx', 'zqx') OR lower(name) = 'zqx' OR 'zqx' > name",
    'id = 8675309 OR id IN (8675309, 8675310) OR id BETWEEN -8675309 AND 8675309.5 OR id * 8675309 = 0x8675309',
    "custom_properties.zqx.int_value = 8675309 AND properties.`zqx'\"`.string_value = 'zqx'",
    "contexts_zqx.id = 8675309 OR contexts_zqx.name = 'zqx' OR events_zqx.execution_id = 8675309",
    "type = 'zqx' OR external_id = \"zqx\" OR substr(name, 8675309, 8675309) = '\\x7aqx'",
  ])('no text of the filter gets into the SQL: %s', async (filter) => {
    const statements: string[] = [];
    const { prepare } = DatabaseSync.prototype;
    using _restored = { [Symbol.dispose]: () => void Object.assign(DatabaseSync.prototype, { prepare }) };
    DatabaseSync.prototype.prepare = function (sql, ...rest) {
      statements.push(sql);
      return prepare.call(this, sql, ...rest);
    };
    expect(await filtered(store, 'artifacts', filter)).toBeInstanceOf(Array);
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((sql) => /zqx|86753|\\x7a/i.test(sql))).toEqual([]);
  });

  test('pages go on behind the last row', async () => {
    const options = { filterQuery: "type = 'Model' OR contexts_a.id > 0", maxResultSize: 2 };
    const first = await store.getArtifacts({ options });
    const second = await store.getArtifacts({ options: { ...options, nextPageToken: first.nextPageToken } });
    expect([...first.artifacts, ...second.artifacts].map(({ id }) => id)).toEqual([1n, 2n, 3n, 5n]);
  });
});

function documentation(): string {
  return readFileSync(join(import.meta.dirname, '../../docs/filter.md'), 'utf8');
}
