import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { toCondition } from '../../src/mlmd/embedded/filter-sql.ts';
import { CONTEXT } from '../../src/mlmd/embedded/node-kinds.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { openFolder, putContexts, rowsOf } from '../store-file-rig.ts';

// A `+` before a column keeps SQLite's indexes off it: with two lists it would go through all pairs of what they have.
test.each([
  ["properties.a.string_value = 'x'", 1, 0],
  ["properties.a.string_value = 'x' AND custom_properties.b.int_value > 5 AND parent_contexts_p.name = 'y'", 1, 2],
  ['properties.a.double_value > 1 AND id > 5', 1, 0],
])('one list of ids leads: %s', (filter, leading, asked) => {
  const { sql } = toCondition(CONTEXT, filter);
  expect(sql.match(/(?<!\+)n\.id IN \(/g)).toHaveLength(leading);
  expect(sql.match(/\+n\.id IN \(/g) ?? []).toHaveLength(asked);
});

test('SQLite is not shown how many rows or which pattern: it would plan anew at each run', () => {
  const folder = new URL('../../src/mlmd/embedded/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const shown = files.filter((file) => /\b(LIMIT|OFFSET|LIKE) \?/.test(readFileSync(new URL(file, folder), 'utf8')));
  expect(shown).toEqual([]);
});

test.each([
  ['id', 'modelgraph_context_type'],
  ['create_time_since_epoch', 'modelgraph_context_create_time'],
  ['last_update_time_since_epoch', 'modelgraph_context_last_update_time'],
])('a page of a type by %s is read from an index, and nothing is sorted', async (column, index) => {
  using folder = openFolder();
  const file = folder.file('some.db');
  const { store } = await openStore({ db: file });
  await putContexts(store, 'a');
  await store.close();
  const order = `ORDER BY n.${column} DESC${column === 'id' ? '' : ', n.id DESC'}`;
  const sql = `SELECT n.id FROM Context AS n WHERE n.type_id = 1 ${order} LIMIT 101`;
  const plan = rowsOf(file, `EXPLAIN QUERY PLAN ${sql}`).join();
  expect(plan).toContain(index);
  expect(plan).not.toContain('TEMP B-TREE');
});
