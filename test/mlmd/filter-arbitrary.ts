import fc from 'fast-check';

import { type Kind, NODE_KINDS } from './filter-stores.ts';

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

const STATES: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: [
    'state = LIVE',
    'state != DELETED',
    'state IN (PENDING, LIVE)',
    'state NOT IN (LIVE, UNKNOWN)',
    'state=PENDING',
  ],
  executions: [
    'last_known_state = COMPLETE',
    'last_known_state != FAILED',
    'last_known_state not in (CACHED)',
    'last_known_state IN (RUNNING)',
  ],
  contexts: [
    'artifacts_a.state = LIVE',
    'executions_a.last_known_state IN (COMPLETE, FAILED)',
    'artifacts_b.state IN (DELETED)',
  ],
};

const EVENTS = [
  'events_a.type = INPUT',
  'events_a.type != OUTPUT',
  'events_b.type IN (DECLARED_INPUT, INTERNAL_OUTPUT)',
  'events_b.type NOT IN (INPUT, OUTPUT)',
];

const INTEGERS: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: [
    'state',
    'contexts_a.id',
    'contexts_b.id',
    'contexts_a.create_time_since_epoch',
    'events_a.execution_id',
    'events_b.execution_id',
    'events_a.milliseconds_since_epoch',
    'events_a.type',
  ],
  executions: [
    'last_known_state',
    'contexts_a.id',
    'contexts_b.id',
    'contexts_b.last_update_time_since_epoch',
    'events_a.artifact_id',
    'events_b.artifact_id',
    'events_b.milliseconds_since_epoch',
    'events_b.type',
  ],
  contexts: [
    'parent_contexts_a.id',
    'parent_contexts_b.id',
    'child_contexts_a.id',
    'artifacts_a.id',
    'artifacts_a.create_time_since_epoch',
    'executions_a.id',
    'executions_b.last_known_state',
  ],
};

const TEXTS: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: ['uri', 'contexts_a.name', 'contexts_b.type'],
  executions: ['contexts_a.name', 'contexts_a.type'],
  contexts: [
    'parent_contexts_a.name',
    'child_contexts_a.name',
    'child_contexts_a.type',
    'artifacts_a.uri',
    'artifacts_b.name',
    'executions_a.type',
  ],
};

/** Names that the engine refuses, or refuses for this kind of node. */
const NOWHERE = [
  'foo',
  'state',
  'uri',
  'contexts_a',
  'contexts_a.foo',
  'contexts_a.external_id',
  'events_a.id',
  'artifacts_a.id',
  'parent_contexts_a.id',
  'properties.i',
  'properties.i.value',
  'properties',
  'id.x',
  'INPUT',
];

/** The names that most nodes have come up most often: a filter that joins what is nowhere proves little. */
const PROPERTIES = [
  ...Array.from({ length: 5 }, () => ['properties.i', 'custom_properties.i', 'properties.s', 'properties.d']).flat(),
  ...['properties.b', 'custom_properties.s', 'custom_properties.`my name`', "custom_properties.`it's`"],
  ...['properties.nope', 'custom_properties.`é`', 'custom_properties.`a.b`', 'custom_properties.`d`'],
];

function properties(field: string): readonly string[] {
  return PROPERTIES.map((name) => `${name}.${field}`);
}

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

/** Two tests of one neighbour, some of which only two neighbours could pass. */
const OF_ONE: Readonly<Record<Kind, readonly string[]>> = {
  artifacts: [
    'contexts_a.id = {} AND contexts_a.id = {}',
    'contexts_a.id = {} AND contexts_a.id != {}',
    'events_a.execution_id = {} AND events_a.milliseconds_since_epoch = {}000',
    'events_a.execution_id = {} AND id < {} AND events_a.type = INPUT',
  ],
  executions: [
    'contexts_a.id = {} AND contexts_a.id = {}',
    'contexts_b.id > {} AND contexts_b.id <= {}',
    'events_a.artifact_id = {} AND events_a.milliseconds_since_epoch = {}000',
    'events_a.artifact_id != {} AND id < {} AND events_a.type IN (OUTPUT)',
  ],
  contexts: [
    'child_contexts_a.id = {} AND child_contexts_a.id >= {}',
    'parent_contexts_a.id = {} AND parent_contexts_a.id = {}',
    'artifacts_a.id = {} AND artifacts_a.id != {}',
    'artifacts_a.id = {} AND artifacts_a.id < {} OR executions_a.id = {}',
  ],
};

const NAMES = ['name', 'type', 'external_id'].flatMap((each) => [each, each, each, each]);

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
