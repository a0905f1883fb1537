import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { RPC_NAMES, wireName } from '../../src/mlmd/store.ts';
import { ANSWERED } from './filter-cases.ts';
import { FILTER_FEATURES } from './filter-features.ts';

const page = readFileSync('docs/compatibility.md', 'utf8');

/** The text of the tests that a letter stands for. */
const proofs = new Map(
  Array.from(page.matchAll(/^\| ([A-Z]) \| .* \| (`.*`) \|$/gm), ([, letter = '', where = '']) => [
    letter,
    textOf(where),
  ]),
);

const rpcs = Array.from(rowsOf('RPCs'), ([names = '', proof = '']) => ({
  names,
  letters: proof.split(':')[0]?.split(' ') ?? [],
}));

describe('docs/compatibility.md', () => {
  test('says where each proof is', () => {
    expect([...proofs.keys()]).toEqual([...'DCSLVWFE']);
    expect([...proofs].filter(([, text]) => text === '')).toEqual([]);
  });

  test.each(RPC_NAMES)('has %s with proofs that call it', (name) => {
    const rows = rpcs.filter(({ names }) => new RegExp(`\\b${wireName(name)}\\b`).test(names));
    expect(rows).toHaveLength(1);
    const letters = rows[0]?.letters ?? [];
    expect(letters).toEqual(expect.arrayContaining(['D', 'C']));
    const called = new RegExp(`\\b${name}\\b|"rpc": "${wireName(name)}"`); // in a test, or in a recording
    expect(letters.filter((letter) => !called.test(proofs.get(letter) ?? ''))).toEqual([]);
  });

  test('names no other RPCs', () => {
    const named = rpcs.flatMap(({ names }) => names.replace(/ with .*|:.*/, '').match(/\b(Get|Put)\w+/g) ?? []);
    expect(named.toSorted()).toEqual(RPC_NAMES.map(wireName).toSorted());
  });

  test('has the features of filters that the random filters have to show', () => {
    expect(rowsOf('Filters')).toEqual(Object.keys(FILTER_FEATURES).map((name) => [name, 'F E']));
  });

  test.each(Object.entries(FILTER_FEATURES))('has cases for the feature %s', (_name, pattern) => {
    expect(filters().filter((filter) => pattern.test(filter)).length).toBeGreaterThan(0);
  });
});

/** The filters that both stores are asked one by one: cases and the examples of docs/filter.md. */
function filters(): string[] {
  const examples = readFileSync('docs/filter.md', 'utf8').matchAll(/```sql \w+\n([\s\S]*?)```/g);
  return [...ANSWERED.map(([, filter]) => filter), ...Array.from(examples, ([, text = '']) => text.split('\n')).flat()];
}

/** The cells of the first table below that heading, without its head. */
function rowsOf(heading: string): string[][] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const lines = /(?:^\|.*\n)+/m.exec(section)?.[0].trim().split('\n') ?? [];
  return lines.slice(2).map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

/** All files that a cell names, of a folder those right in it. */
function textOf(where: string): string {
  const names = Array.from(where.matchAll(/`([^`]+)`/g), ([, name = '']) => join(import.meta.dirname, name));
  const files = names.flatMap((name) => globSync(name.endsWith('/') ? `${name}*.{ts,jsonl}` : name));
  return files.map((file) => readFileSync(file, 'utf8')).join('');
}
