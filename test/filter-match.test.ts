import { describe, expect, test } from 'vitest';

import { matches } from '../src/domain/filter-match.ts';
import { parseFilterQuery } from '../src/domain/filter-query.ts';
import { isLike } from '../src/domain/like.ts';
import { RegistryError } from '../src/errors.ts';

const row = { id: 5n, name: 'Model', version: undefined, external_id: "it's" };

describe('filters in memory', () => {
  test.each([
    'id = 5',
    'id = 5.0 AND 4 < id',
    'ID <> 6 AND id != 7',
    "name = 'Model'",
    "name LIKE 'mo_EL'",
    "name LIKE '%' AND NOT name LIKE 'x%'",
    "lower(name) IN ('model', 'x')",
    "UPPER(name) = 'MODEL'",
    'id IN (1, 5)',
    'id NOT IN (1, 2)',
    'id BETWEEN 5 AND 6',
    "name NOT BETWEEN 'a' AND 'z'",
    'version IS NULL AND name IS NOT NULL',
    "(version = '1') IS UNKNOWN",
    '(id = 5) IS TRUE',
    "version = '1' OR id = 5",
    'TRUE',
    String.raw`external_id = 'it\'s' -- a comment`,
  ])('%s holds', (filter) => {
    expect(matches(parseFilterQuery(filter), row)).toBe(true);
  });

  // As in SQL: what is neither true nor false stays so under NOT.
  test.each([
    'id = 6',
    "version = '1'",
    "NOT version = '1'",
    "version LIKE '%'",
    "NOT version LIKE '%'",
    "version NOT IN ('1')",
    'id NOT IN (1, NULL)',
    "version = '1' AND id = 5",
    "NOT (version = '1' OR id = 6)",
    'NULL',
    'FALSE',
  ])('%s does not hold', (filter) => {
    expect(matches(parseFilterQuery(filter), row)).toBe(false);
  });

  test.each([
    ['nam = 1', 1],
    ['name = 1', 1],
    ['name LIKE 1', 1],
    ['id', 1],
    ['id AND TRUE', 1],
    ['lower(id) = 1', 7],
    ['length(name) = 5', 1],
    ['id + 1 = 6', 1],
    ['properties.i.int_value = 1', 1],
  ] as const)('%s is refused at character %d', (filter, position) => {
    const refused = () => matches(parseFilterQuery(filter), row);
    expect(refused).toThrow(RegistryError);
    expect(refused).toThrow(`at character ${position}: `);
  });
});

test.each([
  ["name ILIKE 'a'", 6],
  ["name NOT ILIKE 'a'", 10],
  ["name LIKE '100\\%'", 11],
] as const)("the registry's own words are none of MLMD's: %s", (filter, position) => {
  expect(() => parseFilterQuery(filter)).toThrow(`at character ${position}: `);
  expect(parseFilterQuery(filter, { registry: true })).toMatchObject({ kind: 'like' });
});

test.each([
  ['', '', true],
  ['', '%', true],
  ['', '_', false],
  ['abc', 'ABC', true],
  ['É', 'é', false],
  ['😀', '_', true],
  ['a%b', 'a%b', true],
  ['axxb', 'a%b', true],
  ['ab', 'a%%b', true],
  ['aab', 'a%ab', true],
  ['abcbc', '%bc', true],
  ['abc', '%b', false],
  ['a\\b', 'a\\b', true],
])("'%s' LIKE '%s' is %s", (text, pattern, like) => {
  expect(isLike(text, pattern)).toBe(like);
});

test('LIKE takes its time on hard patterns, and no more', () => {
  const start = performance.now();
  expect(isLike('a'.repeat(10_000), `${'%a'.repeat(500)}b`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_000);
});
