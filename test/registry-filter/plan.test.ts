import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { planFilter } from '../../src/domain/registry-filter-plan.ts';
import { parseRegistryFilter } from '../../src/domain/registry-filter-query.ts';
import type { RegistryKindName } from '../../src/domain/registry-kinds.ts';

/** The lists of the store's; one whose rows are checked has a `?` behind it. */
function lists(kind: RegistryKindName, filter: string, exact = true): string[] {
  return planFilter(parseRegistryFilter([kind], filter), { exact }).map(({ text, rest }) =>
    rest ? `${text} ?` : text,
  );
}

const p = 'custom_properties.`p`';
const noStruct = `NOT substr(${p}.string_value, 1, 13) = 'mlmd-struct::'`;

describe('a filter becomes lists of the store', () => {
  test.each<readonly [RegistryKindName, string, readonly string[]]>([
    // What the store decides is one text.
    [
      'RegisteredModel',
      "owner = 'a' AND p = 5",
      [`properties.\`owner\`.string_value = 'a' AND ((${p}.int_value = 5) OR (${p}.double_value = 5.0))`],
    ],
    [
      'RegisteredModel',
      "owner = 'a' OR owner LIKE 'b%'",
      ["((properties.`owner`.string_value = 'a') OR (properties.`owner`.string_value LIKE 'b%'))"],
    ],
    ['RegisteredModel', "name = 'a' OR id = 1", ["((name = 'a') OR (id = 1))"]],
    ['RegisteredModel', "NOT name = 'a'", ["(name = 'a') IS NOT TRUE"]],
    ['RegisteredModel', "p != 'a'", [`(${p}.string_value != 'a' AND ${noStruct})`]],
    ['ModelArtifact', 'state = LIVE', ['(state BETWEEN 2 AND 2)']],
    ['Metric', 'p > 0.5', [`((${p}.int_value > 0) OR (${p}.double_value > 0.5))`]],
    ['Metric', 'TRUE', ['']],
    ['Metric', 'FALSE OR p = 1 AND FALSE', []],
    // Rows that differ in what they have are a list each.
    ['RegisteredModel', "owner = 'a' OR p = 'b'", ["properties.`owner`.string_value = 'a'", `${p}.string_value = 'b'`]],
    [
      'RegisteredModel',
      "id > 3 AND (owner = 'a' OR p = 'b')",
      ["id > 3 AND properties.`owner`.string_value = 'a'", `id > 3 AND ${p}.string_value = 'b'`],
    ],
    ['RegisteredModel', "child_contexts_a.id = 1 OR p = 'b'", ['(child_contexts_a.id = 1)', `${p}.string_value = 'b'`]],
    // What it cannot decide is checked on what the rest lets through.
    ['RegisteredModel', "NOT p = 'a'", [' ?']],
    ['RegisteredModel', "id > 3 AND NOT p = 'a'", ['id > 3 ?']],
    ['RegisteredModel', "owner LIKE '50\\%'", ["properties.`owner`.string_value LIKE '50_' ?"]],
    ['RegisteredModel', "owner ILIKE 'é%'", ["properties.`owner`.string_value LIKE '_%' ?"]],
    ['RegisteredModel', "owner ILIKE 'e%'", ["properties.`owner`.string_value LIKE 'e%'"]],
    ['ModelVersion', "name = 'v1'", ["(name LIKE '%:v1' OR name LIKE 'v1') ?"]],
    ['RegisteredModel', "language = 'en'", ["substr(properties.`language`.string_value, 1, 13) = 'mlmd-struct::' ?"]],
    ['RegisteredModel', "p = 'a' OR NOT owner = 'b'", [' ?']],
    ['RegisteredModel', "child_contexts_a.id = 1 OR NOT owner = 'b'", ['(child_contexts_a.id = 1)', ' ?']],
  ])('%s: %s', (kind, filter, texts) => {
    expect(lists(kind, filter)).toEqual(texts);
  });

  const either = (count: number) => Array.from({ length: count }, (_each, index) => `p${index} = 'a'`).join(' OR ');

  test('eight alternatives are eight lists, and a ninth leaves them to be checked', () => {
    expect(lists('Metric', either(8))).toHaveLength(8);
    expect(lists('Metric', either(9))).toEqual([' ?']);
    expect(lists('Metric', `id = 1 AND (${either(9)})`)).toEqual(['id = 1 ?']);
  });

  test('alternatives of several ORs are multiplied while they are no more than eight', () => {
    const texts = lists('Metric', `(${either(2)}) AND (q = 'a' OR r = 'a') AND (s = 'a' OR t = 'a' OR u = 'a')`);
    expect(texts).toHaveLength(4);
    expect(texts.every((text) => text.endsWith(' ?') && !text.includes('`s`'))).toBe(true);
  });

  test('long lists of conditions are one text', () => {
    const long = Array.from({ length: 4_000 }, (_each, index) => `id != ${index}`);
    for (const operator of [' AND ', ' OR ']) expect(lists('Metric', long.join(operator))).toHaveLength(1);
    expect(lists('Metric', `(${long.slice(0, 400).join(' OR ')}) AND NOT (${either(400)})`)).toHaveLength(1);
  });
});

describe('what the C++ engine mistakes is not said to it', () => {
  test.each<readonly [string, readonly string[]]>([
    ["p = 'plain text, 100%; (a+b)'", [`${p}.string_value = 'plain text, 100%; (a+b)'`]],
    ['p = \'say "hi"\'', [`(${p}.string_value LIKE 'say__hi_') ?`]],
    ["p = 'uri'", [`(${p}.string_value LIKE 'ur_') ?`]],
    ["p IN ('a', 'uri')", [`(${p}.string_value IN ('a') OR ${p}.string_value LIKE 'ur_') ?`]],
    ["p = 'state = LIVE'", [`(${p}.string_value LIKE 'state___LIVE') ?`]],
    ["p != 'uri'", [`(${p}.string_value IS NOT NULL AND ${noStruct}) ?`]],
    ["Cap = 'a'", [' ?']],
    ["`name\"` = 'a' AND p = 'b'", [`${p}.string_value = 'b' ?`]],
    ["custom_properties.name.string_value = 'a'", [' ?']],
    ["`a.b` = 'a'", ["custom_properties.`a.b`.string_value = 'a'"]],
    ["`a.b` = 'a' AND `a_b` = 'a'", [' ?']],
  ])('%s', (filter, texts) => {
    expect(lists('RegisteredModel', filter, false)).toEqual(texts);
  });
});

test('every column of MLMD is known to be one, as the C++ engine takes a text that is', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../src/mlmd/embedded/schema.sql'), 'utf8');
  const columns = [...schema.matchAll(/^ {2}`(\w+)`/gm)].map(([, column = '']) => column);
  expect(columns.length).toBeGreaterThan(50);
  for (const column of columns) {
    expect(lists('Metric', `uri = '${column}'`, false)).not.toContain(`uri = '${column}'`);
    expect(lists('Metric', `custom_properties.\`${column}\`.int_value = 1`, false).join()).not.toContain(
      `\`${column}\``,
    );
  }
});
