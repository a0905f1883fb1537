import fc from 'fast-check';

import { type Kind, NODE_KINDS } from './filter-stores.ts';
import { EVENTS, INTEGERS, NAMES, NOWHERE, OF_ONE, properties, STATES, TEXTS } from './filter-words.ts';

/** A filter for one kind of node, as text. */
export interface FilterCase {
  readonly kind: Kind;
  readonly filter: string;
}

type Text = fc.Arbitrary<string>;

const pick = (...texts: readonly string[]): Text => fc.constantFrom(...texts);

/** One of the arbitraries, the earlier ones more often when shrinking. */
const either = (...arbitraries: readonly Text[]): Text => fc.oneof(...arbitraries);

/** A text with `{}` filled in, in order. */
const fill = (template: string, ...parts: readonly Text[]): Text =>
  fc.tuple(...parts).map((texts) => texts.reduce((all, each) => all.replace('{}', () => each), template));

const integer = either(
  fc.integer({ min: -2, max: 12 }).map(String),
  pick('0x1', '0X0a', '007', '9223372036854775807', '-9223372036854775808', '+2', '- 1', '-0x2', '3000'),
);
const double = pick('0.5', '.5', '2.', '2.0', '-1.5', '1e0', '2.5', '1E-1', '0.0', '1.5e3');
const text = either(
  pick(
    "'alpha'",
    '"alpha"',
    "'ALPHA'",
    "r'alpha'",
    '"""alpha"""',
    "'''alpha'''",
    "'\\x61lpha'",
    "'al\\160ha'",
    "'\\u0061lpha'",
    "'\\U00000061lpha'",
  ),
  pick(
    '"it\'s"',
    "'it\\'s'",
    '\'say "hi"\'',
    "''",
    "'100%'",
    "'%a%'",
    "'_l%'",
    "'al_ha'",
    "'%'",
    "'it_s%'",
    "'b'",
    "'x1'",
  ),
  pick(
    "'é'",
    "'Été 😀'",
    "'\\u00c9t\\xe9 \\U0001f600'",
    "'😀%'",
    "'Model'",
    "'Run'",
    "'group'",
    "'s3://A/1'",
    "'one'",
    "'q'",
  ),
);

interface Layers {
  readonly condition: string;
  readonly int: string;
  readonly number: string;
  readonly string: string;
}

function expressions(kind: Kind): Text {
  const { condition } = fc.letrec((tie: fc.LetrecTypedTie<Layers>) => {
    const [condition, int, number, string] = [tie('condition'), tie('int'), tie('number'), tie('string')] as const;
    const any = fc.oneof({ weight: 4, arbitrary: int }, string, number, condition, pick(...NOWHERE, 'NULL', 'TRUE'));
    return {
      condition: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        ...tests(kind, { condition, int, number, string, any }),
      ),
      int: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        {
          weight: 6,
          arbitrary: pick(...Array<string>(8).fill('id'), 'type_id', ...INTEGERS[kind], ...properties('int_value')),
        },
        integer,
        fill('length({})', string),
        fill('({} {} {})', int, pick('+', '-', '*'), int),
        fill(
          '-{}',
          int.filter((each) => !each.startsWith('-')),
        ),
        fill('{}({}, {})', pick('coalesce', 'IFNULL', 'nullif'), int, int),
      ),
      number: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 2, arbitrary: pick(...properties('double_value')) },
        double,
        int,
        fill('{} {} {}', number, pick('+', '-', '*', '/'), int),
      ),
      string: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 6, arbitrary: pick(...NAMES, ...TEXTS[kind], ...properties('string_value')) },
        text,
        fill('{}({})', pick('lower', 'UPPER', 'Trim', 'ltrim', 'rtrim'), string),
        fill('substr({}, {})', string, pick('1', '2, 3', '-2', '0, 2', 'id')),
        fill('trim({}, {})', string, text),
        fill('coalesce({}, {})', string, string),
      ),
    };
  });
  return condition;
}

function tests(kind: Kind, parts: Readonly<Record<keyof Layers | 'any', Text>>): readonly Text[] {
  const { condition, int, number, string, any } = parts;
  const operator = pick('=', '!=', '<>', '<', '<=', '>', '>=');
  const small = pick('1', '2', '3', '4');
  const known = pick("'alpha'", "'Alpha'", "'Run'", "'Group'", "'s3://a/1'");
  const is = pick('IS NULL', 'IS NOT NULL', 'is null');
  return [
    fill('{} {} {}', int, operator, int),
    fill('{} {} {}', string, operator, text),
    fill('{} {} {}', number, operator, number),
    fill('{} {} {}', string, pick('LIKE', 'NOT LIKE', 'like'), text),
    fill('{} LIKE {}', string, string),
    fill('{} {} {}', pick(...properties('int_value')), operator, integer),
    fill('{} {} {}', pick(...properties('string_value')), operator, text),
    ...OF_ONE[kind].map((template) => fill(template, small, small, small)),
    // Of several neighbours, by values that they have.
    fill('{} = {} OR {} = {}', pick('id', ...INTEGERS[kind]), small, pick('id', ...INTEGERS[kind]), small),
    fill('{} = {} OR {} = {}', pick(...NAMES, ...TEXTS[kind]), known, pick(...properties('string_value')), known),
    fill('{} {} {} AND {} {} {}', pick(...INTEGERS[kind]), operator, small, pick(...INTEGERS[kind]), operator, small),
    fill('{} {} {} AND {} != {}', pick(...TEXTS[kind]), pick('=', '!='), known, pick(...TEXTS[kind]), known),
    fill('id / {} {} {}', small, operator, double),
    fill('{} IN ({}, {})', int, integer, int),
    fill('{} NOT IN ({}, NULL)', int, integer),
    fill('{} in ({}, {}, {})', string, text, text, string),
    fill('{} IN ({}, {})', number, double, integer),
    fill('{} BETWEEN {} AND {}', int, integer, number),
    fill('{} not between {} and {}', string, text, text),
    fill('{} {}', either(int, string, number), is),
    pick(...STATES[kind], ...(kind === 'contexts' ? [] : EVENTS)),
    pick(...properties('bool_value')),
    fill('{} {} {}', pick(...properties('bool_value')), pick('=', '!=', '>'), pick('TRUE', 'false')),
    fill('({}) {}', condition, pick('IS TRUE', 'IS NOT FALSE', 'IS UNKNOWN', 'IS NULL', '= TRUE', 'IN (FALSE)')),
    fill('NOT {}', condition),
    fill('({})', condition),
    fill('{} AND {}', condition, condition),
    fill('{} OR {}', condition, condition),
    fill('({} OR {}) AND {}', condition, condition, condition),
    fill("{}\n-- it's a comment\nAND/* or */{} # the end", condition, condition),
    pick('TRUE', 'FALSE', 'true'),
    // Often enough of types that do not go together.
    fill('{} {} {}', any, pick('=', '<', 'LIKE', 'AND', '+', 'IN'), any),
  ];
}

/** The tokens of a text, with the white space between them. */
const TOKEN = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\w.`😀é]+|\s+|[<>!]=|<>|[^\w\s]/gu;

/** One token left out, doubled, or replaced by another: mostly no filter any more. */
function broken(filter: Text): Text {
  const how = fc.tuple(
    fc.nat(),
    fc.nat(2),
    pick('AND', 'NOT', '(', ')', '=', '<>', ',', 'NULL', '1', "'", '`', '.', 'foo', 'IN', ';', '%', '1a', '--'),
  );
  return fc.tuple(filter, how).map(([each, [place, act, other]]) => {
    const tokens = each.match(TOKEN) ?? [];
    const index = place % Math.max(tokens.length, 1);
    const token = tokens[index] ?? '';
    return tokens.toSpliced(index, 1, ...([[], [token, token], [other]][act] ?? [])).join('');
  });
}

/** Filters of the whole grammar, four of five of them well-formed. */
export const filterCases: fc.Arbitrary<FilterCase> = fc.constantFrom(...NODE_KINDS).chain((kind) => {
  const well = expressions(kind);
  return fc
    .oneof({ weight: 4, arbitrary: well }, { weight: 1, arbitrary: broken(well) })
    .map((filter) => ({ kind, filter }));
});
