import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { toCondition } from '../../src/mlmd/embedded/filter-sql.ts';
import { CONTEXT } from '../../src/mlmd/embedded/node-kinds.ts';

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
