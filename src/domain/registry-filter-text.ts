import { ANY_TEXT, type Mark } from './like.ts';
import type { Constant, Operand, Test, TestOperator, ValueTest } from './registry-filter.ts';
import type { Dialect } from './registry-filter-dialect.ts';
import { quotedName, quotedNumber, quotedPattern, quotedText } from './registry-filter-quote.ts';

/** A test in MLMD's language: every row that passes the test passes the text; where it is exact, no other does. */
export interface StoreText {
  /** Empty where the store can say nothing. */
  readonly text: string;
  readonly exact: boolean;
}

/** What a store can do for a test. */
export function toStoreText(dialect: Dialect, { operand, test }: Test): StoreText {
  if (operand.of === 'ownName') return ofOwnName(dialect, test);
  if (operand.of === 'attribute') return ofColumn(dialect, operand.column, operand.kind, test);
  if (!dialect.hasName(operand.name)) return UNSAID;
  return ofProperty(dialect, operand, test);
}

const UNSAID: StoreText = { text: '', exact: false };

/** How MLMD marks a struct in the column of texts. */
const STRUCT = 'mlmd-struct::';

type Property = Extract<Operand, { readonly of: 'property' }>;

function ofProperty(dialect: Dialect, property: Property, test: ValueTest): StoreText {
  const { custom, name, kind, sure } = property;
  const path = `${custom ? 'custom_properties' : 'properties'}.${quotedName(name)}`;
  const isStruct = `substr(${path}.string_value, 1, ${STRUCT.length}) = '${STRUCT}'`;
  const isPresent = test.is === 'present';
  switch (kind) {
    case 'int':
    case 'double':
    case 'bool':
      return ofColumn(dialect, `${path}.${kind}_value`, kind, test);
    case 'string': {
      const text = ofColumn(dialect, `${path}.string_value`, kind, test);
      const safe = sure || namesItsValues(test);
      return safe ? text : { ...text, text: `(${text.text} AND NOT ${isStruct})` };
    }
    case 'struct':
      return { text: isStruct, exact: isPresent };
    case 'list':
      return { text: isStruct, exact: false };
    case 'any':
      return { text: `(${path}.int_value IS NULL OR ${path}.int_value IS NOT NULL)`, exact: true };
    case 'time':
      return { text: ofTimeText(`${path}.string_value`, test), exact: false };
  }
}

/** Whether only texts can pass that are no structs. */
function namesItsValues(test: ValueTest): boolean {
  const isText = (value: Constant) => !String(value).startsWith(STRUCT);
  if (test.is === 'compared') return test.operator === '=' && isText(test.value);
  return test.is === 'in' && !test.negated && test.values.every(isText);
}

/** Times are texts of digits: of one length they are ordered as texts are. */
function ofTimeText(column: string, test: ValueTest): string {
  if (test.is !== 'compared' || test.operator === '!=' || Number(test.value) < 0) return `${column} IS NOT NULL`;
  const digits = String(test.value);
  return `(length(${column}) != ${digits.length} OR ${column} ${test.operator} '${digits}')`;
}

function ofColumn(
  dialect: Dialect,
  column: string,
  kind: 'int' | 'double' | 'bool' | 'string',
  test: ValueTest,
): StoreText {
  if (test.is === 'present') return { text: `${column} IS NOT NULL`, exact: true };
  if (kind === 'string') return ofText(dialect, column, test);
  // A bare name behind a state is one of its words to the engine, and each word may stand only once.
  if (['state', 'last_known_state'].includes(column)) return { text: ofState(column, test), exact: true };
  if (test.is === 'compared') return { text: `${column} ${test.operator} ${literal(test.value)}`, exact: true };
  if (test.is === 'like') return UNSAID;
  return { text: `${column} ${inList(test.negated, test.values)}`, exact: true };
}

function inList(negated: boolean, values: readonly Constant[]): string {
  return `${negated ? 'NOT ' : ''}IN (${values.map(literal).join(', ')})`;
}

function literal(value: Constant): string {
  if (typeof value === 'string') return quotedText(value);
  return typeof value === 'boolean' ? String(value).toUpperCase() : quotedNumber(value);
}

function ofState(column: string, test: ValueTest): string {
  const is = (value: Constant) => `${column} BETWEEN ${literal(value)} AND ${literal(value)}`;
  const isNot = (value: Constant) => `${column} NOT BETWEEN ${literal(value)} AND ${literal(value)}`;
  if (test.is === 'in') {
    return `(${test.values.map(test.negated ? isNot : is).join(test.negated ? ' AND ' : ' OR ')})`;
  }
  if (test.is !== 'compared') return `${column} IS NOT NULL`;
  if (test.operator === '=') return `(${is(test.value)})`;
  return test.operator === '!=' ? `(${isNot(test.value)})` : `${column} ${test.operator} ${literal(test.value)}`;
}

function ofText(dialect: Dialect, column: string, test: Exclude<ValueTest, { is: 'present' }>): StoreText {
  const present = { text: `${column} IS NOT NULL`, exact: false };
  if (test.is === 'like') return ofPattern(dialect, column, test) ?? present;
  const values = test.is === 'in' ? test.values.map(String) : [String(test.value)];
  const operator: TestOperator | 'IN' = test.is === 'in' ? 'IN' : test.operator;
  const known = values.filter((value) => value.length <= MAX_TEXT && dialect.hasText(value));
  if (known.length === values.length) {
    const right = test.is === 'in' ? inList(test.negated, values) : `${operator} ${quotedText(values[0] ?? '')}`;
    return { text: `${column} ${right}`, exact: true };
  }
  if ((test.is === 'in' && test.negated) || !['IN', '='].includes(operator)) return present;
  const unknown = values.filter((value) => !known.includes(value));
  if (unknown.length > MAX_PATTERNS) return present;
  const alternatives = [
    ...(known.length === 0 ? [] : [`${column} ${inList(false, known)}`]),
    ...unknown.map((value) => `${column} LIKE ${quotedPattern(dialect.pattern(marksOf(value)).marks)}`),
  ];
  return { text: `(${alternatives.join(' OR ')})`, exact: false };
}

/** Longer texts are looked at in the rows: a filter of MLMD's has 65,536 characters at most. */
const MAX_TEXT = 10_000;

/** A pattern that the text fits: of a long one its beginning, as SQLite takes no long patterns. */
function marksOf(text: string): readonly Mark[] {
  const characters = [...text];
  return characters.length <= MAX_MARKS ? characters : [...characters.slice(0, MAX_MARKS), ANY_TEXT];
}

/** No name is longer, but for those that others wrote. */
const MAX_MARKS = 500;

type LikeTest = Extract<ValueTest, { readonly is: 'like' }>;

/** Undefined where a pattern that cannot be said as it is would have to be negated. */
function ofPattern(dialect: Dialect, column: string, { marks, folded, negated }: LikeTest): StoreText | undefined {
  // The store knows both cases of the letters of ASCII only.
  const foldable = (mark: Mark) => typeof mark === 'string' && mark > '\x7f';
  const known = dialect.pattern(marks);
  const exact = known.same && !(folded && marks.some(foldable));
  if (negated) return exact ? { text: `${column} NOT LIKE ${quotedPattern(known.marks)}`, exact } : undefined;
  const said = folded ? known.marks.map((mark) => (foldable(mark) ? '_' : mark)) : known.marks;
  return { text: `${column} LIKE ${quotedPattern(said)}`, exact };
}

/** Behind its owner's id, or alone: what is in the colon's place is looked at in the rows. */
function ofOwnName(dialect: Dialect, test: ValueTest): StoreText {
  const present = { text: 'name IS NOT NULL', exact: test.is === 'present' };
  const patterns = patternsOf(test);
  if (!patterns || patterns.length > MAX_PATTERNS) return present;
  const alternatives = patterns.flatMap((marks) => [
    ofPattern(dialect, 'name', { is: 'like', marks: [ANY_TEXT, ':', ...marks], folded: true, negated: false }),
    ofPattern(dialect, 'name', { is: 'like', marks, folded: true, negated: false }),
  ]);
  return { text: `(${alternatives.map((each) => each?.text).join(' OR ')})`, exact: false };
}

/** More patterns than these cost more to try on each name than they spare. */
const MAX_PATTERNS = 20;

function patternsOf(test: ValueTest): readonly (readonly Mark[])[] | undefined {
  if (test.is === 'compared') return test.operator === '=' ? [marksOf(String(test.value))] : undefined;
  if (test.is === 'like') return test.negated ? undefined : [test.marks];
  return test.is === 'in' && !test.negated ? test.values.map((value) => marksOf(String(value))) : undefined;
}
