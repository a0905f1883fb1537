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
