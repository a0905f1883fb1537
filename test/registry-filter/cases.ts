import { VALUES } from './models.ts';
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
export interface Case {
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

/** Every operator with every literal that goes with the view, of a property. */
export function casesOf(view: View): readonly Case[] {
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

/** Every view that a property can be looked at in. */
export const VIEWS = Object.keys(SUFFIX) as readonly View[];

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
