import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listRegistry, type RegistryListArguments } from '../../src/registry/list.ts';
import { STORE_KINDS } from '../harness.ts';
import { requireReference } from '../reference/require.ts';
import { type OpenedStore, openFilled } from '../registry-stores.ts';
import { fillModels, NAMES, VALUES } from './models.ts';
import { COMPARISONS, comparesTo, isLikePattern, isThere, type Literal, type Plain, type View } from './plain.ts';

const NUMBERS: readonly Literal[] = [5n, 0.5, 5.5, -1e300, 2n ** 53n + 1n, -(2n ** 63n), 1e19];
const TEXTS: readonly Literal[] = VALUES.flatMap((value) => (value && 'stringValue' in value ? value.stringValue : []));
const PATTERNS = [
  'alpha',
  'ALPHA',
  'a_b',
  'a\\_b',
  '100%',
  '100\\%',
  '%',
  '',
  '_',
  '%"%',
  "%'%",
  'ÉTÉ%',
  'été _',
  'na%',
  'name',
  '%\\\\%',
  '%\n%',
  '% OR %',
];

/** A test as `filterQuery` and `where` have it, and whether it holds for a value. */
interface Case {
  readonly query?: (name: string) => string;
  readonly where?: (name: string) => object;
  readonly holds: (value: Plain) => boolean;
}

const WHERE = { '=': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;
const SUFFIX: Readonly<Record<View, string>> = {
  open: '',
  string: '.string_value',
  int: '.int_value',
  double: '.double_value',
  bool: '.bool_value',
  struct: '.struct_value',
};

function casesOf(view: View): readonly Case[] {
  const literals: readonly Literal[] = {
    open: [...NUMBERS, ...TEXTS, true, false],
    string: TEXTS,
    int: NUMBERS,
    double: NUMBERS,
    bool: [true, false],
    struct: ['{"a":"Alpha","b":[1,true]}', 'x'],
  }[view];
  const named = (name: string) => `${name}${SUFFIX[view]}`;
  const filter = (literal: Literal) => (view === 'open' ? (typeof literal === 'string' ? 'string' : 'number') : view);
  const compared = literals.flatMap((literal) =>
    COMPARISONS.filter((operator) => typeof literal !== 'boolean' || ['=', '!='].includes(operator)).map(
      (operator): Case => ({
        query: (name) => `${named(name)} ${operator} ${write(literal)}`,
        holds: (value) => comparesTo(value, view, operator, literal),
        ...((['boolean', 'bigint'].includes(typeof literal) && view !== 'int') ||
        view === 'struct' ||
        (view === 'int' && typeof literal !== 'bigint')
          ? {}
          : { where: (name) => ({ customProperty: [{ name, [filter(literal)]: { [WHERE[operator]]: literal } }] }) }),
      }),
    ),
  );
  const present: Case[] = [
    { query: (name) => `${named(name)} IS NULL`, holds: (value) => !isThere(value, view) },
    { query: (name) => `${named(name)} IS NOT NULL`, holds: (value) => isThere(value, view) },
  ];
  return [
    ...compared,
    ...present,
    ...listsOf(view, literals),
    ...(['open', 'string', 'struct'].includes(view) ? patternsOf(view) : []),
  ];
}

function listsOf(view: View, literals: readonly Literal[]): readonly Case[] {
  const lists = [literals.slice(0, 2), literals.slice(1), literals.slice(-2)];
  return lists.flatMap((list) => {
    const within = (value: Plain) => list.some((literal) => comparesTo(value, view, '=', literal));
    const without = (value: Plain) => list.some((literal) => comparesTo(value, view, '!=', literal)) && !within(value);
    const values = list.map(write).join(', ');
    return [
      { query: (name: string) => `${name}${SUFFIX[view]} IN (${values})`, holds: within },
      { query: (name: string) => `${name}${SUFFIX[view]} NOT IN (${values})`, holds: without },
    ];
  });
}

function patternsOf(view: View): readonly Case[] {
  return PATTERNS.flatMap((pattern) =>
    (['LIKE', 'ILIKE'] as const).flatMap((operator): Case[] => {
      const fits = (value: Plain) => isLikePattern(value, view, pattern, operator === 'LIKE' ? 'A-Z' : 'all');
      const text = (name: string, not: string) => `${name}${SUFFIX[view]} ${not}${operator} ${write(pattern)}`;
      const where = (name: string) => ({ customProperty: [{ name, string: { [operator.toLowerCase()]: pattern } }] });
      return [
        {
          query: (name) => text(name, ''),
          holds: (value) => fits(value) === true,
          ...(view === 'struct' ? {} : { where }),
        },
        { query: (name) => text(name, 'NOT '), holds: (value) => fits(value) === false },
      ];
    }),
  );
}

function write(literal: Literal): string {
  if (typeof literal === 'number') return literal.toExponential();
  if (typeof literal !== 'string') return String(literal);
  return `'${literal.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`;
}

describe.each(STORE_KINDS)('the truth table, %s store', (kind) => {
  const missing = kind === 'remote' ? requireReference() : undefined;
  let opened: OpenedStore;
  beforeAll(async () => {
    if (!missing) opened = await openFilled(kind, fillModels);
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  async function idsOf(list: RegistryListArguments): Promise<number[]> {
    const page = await listRegistry({ store: opened.store, call: {} }, ['RegisteredModel'], { first: 100, ...list });
    expect(page.hasNextPage).toBe(false);
    return page.rows.map(({ id }) => Number(id));
  }

  async function check(list: RegistryListArguments, holds: (value: Plain) => boolean): Promise<void> {
    const ids = VALUES.flatMap((value, index) => (holds(value) ? [index + 1] : []));
    expect({ list, ids: await idsOf(list) }).toEqual({ list, ids });
  }

  const views = Object.keys(SUFFIX) as View[];

  test.skipIf(missing).each(views)('every operator on a custom property as %s, and its negation', async (view) => {
    for (const { query, where, holds } of casesOf(view)) {
      if (query) await check({ filterQuery: query('p') }, holds);
      if (query) await check({ filterQuery: `NOT ${query('p')}` }, (value) => !holds(value));
      if (where) await check({ where: where('p') }, holds);
      if (where) await check({ where: { not: where('p') } }, (value) => !holds(value));
    }
  });

  test.skipIf(missing).each(NAMES)('a property may be called %s', async (name) => {
    const quoted = `custom_properties.\`${name.replace(/[`\\]/g, '\\$&')}\``;
    const { length } = await Promise.all(
      casesOf('string')
        .filter((_each, index) => index % 5 === 0)
        .map(async ({ query, where, holds }) => {
          if (query) await check({ filterQuery: query(quoted) }, holds);
          if (where) await check({ where: where(name) }, holds);
        }),
    );
    expect(length).toBeGreaterThan(20);
  });

  test.skipIf(missing)('every operator on a field, and on an attribute', async () => {
    const text = (value: Plain) => (value && 'stringValue' in value ? value : undefined);
    const unique = (value: Plain) => (value && 'stringValue' in value && value.stringValue !== '' ? value : undefined);
    const columns = [
      [['owner', 'owner.string_value', 'properties.owner.string_value'], 'owner', text],
      [['externalId', 'external_id'], 'externalId', unique],
    ] as const;
    for (const [names, field, textOf] of columns) {
      for (const { query, where, holds } of casesOf('string')) {
        const plain = query?.('NAME').replace('.string_value', '') ?? '';
        const [name = ''] = names;
        await check({ filterQuery: plain.replace('NAME', name) }, (value) => holds(textOf(value)));
        await check(
          { filterQuery: `NOT (${plain.replace('NAME', names.at(-1) ?? '')})` },
          (value) => !holds(textOf(value)),
        );
        const [conditions] = Object.values((where?.('') ?? {}) as { customProperty?: { string: object }[] });
        const own = conditions?.[0]?.string;
        if (own) await check({ where: { [field]: own } }, (value) => holds(textOf(value)));
      }
    }
  });
});
