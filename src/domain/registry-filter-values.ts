import type { RegistryError } from '../errors.ts';

import { fitsMarks, toMarks } from './like.ts';
import {
  any,
  type Condition,
  type Constant,
  NOTHING,
  not,
  type Operand,
  type Test,
  type TestOperator,
  type ValueTest,
} from './registry-filter.ts';
import { type Named, propertyOf } from './registry-filter-names.ts';

/** Makes the error for a value that does not fit. */
export type Refuse = (problem: string) => RegistryError;

/** A named value compared with a constant. INVALID_ARGUMENT where the two do not go together. */
export function comparison(named: Named, operator: TestOperator, value: Constant, refuse: Refuse): Condition {
  if (named.type === 'open') return any(kindsOf(named, value).map((each) => comparison(each, operator, value, refuse)));
  const { operand } = named;
  switch (named.type) {
    case 'archived': {
      const wanted = toBoolean(value, refuse) === (onlyEquality(operator, refuse) === '=');
      const marked = test(operand, { is: 'compared', operator: '=', value: true });
      return wanted ? marked : not(marked);
    }
    case 'int':
      return wholeNumber(operand, operator, toNumber(value, refuse));
    case 'enum':
      if (typeof value === 'string') onlyEquality(operator, refuse);
      break;
    case 'bool':
    case 'list':
      onlyEquality(operator, refuse);
  }
  return test(operand, { is: 'compared', operator, value: constantFor(named, value, refuse) });
}

/** Values of one list: the text of a filter has no room for more. */
const MAX_VALUES = 25_000;

/** Whether a named value is one of a list; negated: it is there, and is none of them. */
export function membership(named: Named, values: readonly Constant[], negated: boolean, refuse: Refuse): Condition {
  if (values.length > MAX_VALUES) throw refuse(`it has ${values.length} values; it may have ${MAX_VALUES}`);
  if (named.type === 'open') {
    const kinds = new Map(values.flatMap((value) => kindsOf(named, value).map((each) => [each.type, each] as const)));
    return any([...kinds.values()].map((each) => membership(each, valuesFor(each, values), negated, refuse)));
  }
  if (named.type === 'archived') {
    const one = any(values.map((value) => comparison(named, '=', value, refuse)));
    return negated ? not(one) : one;
  }
  const constants = values.flatMap((value) => {
    if (named.type !== 'int') return [constantFor(named, value, refuse)];
    const number = toNumber(value, refuse);
    const whole = typeof number === 'bigint' || Number.isInteger(number) ? BigInt(number) : undefined;
    return whole !== undefined && BigInt.asIntN(64, whole) === whole ? [whole] : [];
  });
  if (constants.length > 0) return test(named.operand, { is: 'in', values: constants, negated });
  return negated ? presence(named) : NOTHING;
}

/** Whether a named text fits a pattern; negated: it is there, and does not. */
export function likeness(
  named: Named,
  pattern: string,
  { folded, negated }: { readonly folded: boolean; readonly negated: boolean },
  refuse: Refuse,
): Condition {
  if (pattern.length > MAX_PATTERN) throw refuse(`a pattern has at most ${MAX_PATTERN} characters`);
  const marks = toMarks(pattern);
  if (named.type === 'open')
    return likeness(propertyOf(named.custom, named.name, 'string'), pattern, { folded, negated }, refuse);
  if (named.type === 'enum' && named.operand.of === 'attribute') {
    const fitting = Object.keys(named.values).filter((name) => fitsMarks(name, marks));
    return membership(named, fitting, negated, refuse);
  }
  if (!['text', 'struct', 'list', 'enum'].includes(named.type)) throw refuse('LIKE and ILIKE are for texts');
  return test(named.operand, { is: 'like', marks, folded, negated });
}

/** Whether there is a named value. */
export function presence(named: Named): Condition {
  if (named.type === 'open')
    return test({ of: 'property', custom: named.custom, name: named.name, kind: 'any' }, { is: 'present' });
  return test(named.operand, { is: 'present' });
}

/** Patterns beyond this many characters are more than SQLite takes. */
const MAX_PATTERN = 10_000;

function test(operand: Operand, valueTest: ValueTest): Test {
  return { kind: 'test', operand, test: valueTest };
}

/** An open property as each kind of value that can equal the constant. */
function kindsOf({ custom, name }: { readonly custom: boolean; readonly name: string }, value: Constant) {
  if (typeof value === 'string') return [propertyOf(custom, name, 'string')];
  if (typeof value === 'boolean') return [propertyOf(custom, name, 'bool')];
  return [propertyOf(custom, name, 'int'), propertyOf(custom, name, 'double')];
}

function valuesFor({ type }: Named, values: readonly Constant[]): readonly Constant[] {
  const kinds = type === 'text' ? ['string'] : type === 'bool' ? ['boolean'] : ['bigint', 'number'];
  return values.filter((value) => kinds.includes(typeof value));
}

/** A comparison of whole numbers that holds where the one with any number does. */
function wholeNumber(operand: Operand, operator: TestOperator, value: bigint | number): Condition {
  const compared = (wholeOperator: TestOperator, whole: bigint) => {
    const fits = BigInt.asIntN(64, whole) === whole;
    const holds = whole > 0n ? ['<', '<=', '!='] : ['>', '>=', '!='];
    if (!fits) return holds.includes(wholeOperator) ? test(operand, { is: 'present' }) : NOTHING;
    return test(operand, { is: 'compared', operator: wholeOperator, value: whole });
  };
  if (typeof value === 'bigint') return compared(operator, value);
  if (Number.isInteger(value)) return compared(operator, BigInt(value));
  const below = BigInt(Math.floor(value));
  if (operator === '=') return NOTHING;
  if (operator === '!=') return test(operand, { is: 'present' });
  return operator === '<' || operator === '<=' ? compared('<=', below) : compared('>', below);
}

function constantFor(named: Exclude<Named, { type: 'open' | 'archived' }>, value: Constant, refuse: Refuse): Constant {
  switch (named.type) {
    case 'text':
    case 'struct':
    case 'list':
      return toText(value, refuse);
    case 'int':
      return BigInt(toNumber(value, refuse));
    case 'double':
      return Number(toNumber(value, refuse));
    case 'bool':
      return toBoolean(value, refuse);
    case 'id':
      return toId(value, refuse);
    case 'time':
      return toMilliseconds(value, refuse);
    case 'enum':
      return toStored(named.values, value, refuse);
  }
}

function toText(value: Constant, refuse: Refuse): string {
  if (typeof value === 'string') return value;
  throw refuse('expected a text in quotes');
}

function toBoolean(value: Constant, refuse: Refuse): boolean {
  if (typeof value === 'boolean') return value;
  throw refuse('expected true or false');
}

function toNumber(value: Constant, refuse: Refuse): bigint | number {
  const known = typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isFinite(value);
  if (known && (typeof value === 'bigint' || typeof value === 'number')) return value;
  throw refuse('expected a number, of at most 64 bits where it is a whole one');
}

/** REST and GraphQL write ids as texts. */
function toId(value: Constant, refuse: Refuse): bigint {
  const digits = typeof value === 'bigint' || typeof value === 'string' ? String(value) : '';
  const id = /^-?\d{1,19}$/.test(digits) ? BigInt(digits) : undefined;
  if (id !== undefined && BigInt.asIntN(64, id) === id) return id;
  throw refuse('expected an id, which is a whole number of at most 64 bits');
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

function toMilliseconds(value: Constant, refuse: Refuse): bigint {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,18}$/.test(value)) return BigInt(value);
  const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(time)) return BigInt(time);
  throw refuse('expected a time: milliseconds since 1970, or ISO 8601 with its zone');
}

/** The stored value of an enum's, by its name or, where it is stored as a text or number, by that. */
function toStored(values: Readonly<Record<string, string | number>>, value: Constant, refuse: Refuse): Constant {
  const numbers = Object.values(values).some((each) => typeof each === 'number');
  if (typeof value === 'bigint' && numbers && BigInt.asIntN(32, value) === value) return value;
  const named = typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : undefined;
  if (named !== undefined) return typeof named === 'number' ? BigInt(named) : named;
  if (typeof value === 'string' && Object.values(values).includes(value)) return value;
  throw refuse(`expected one of ${Object.keys(values).join(', ')}`);
}

function onlyEquality(operator: TestOperator, refuse: Refuse): '=' | '!=' {
  if (operator === '=' || operator === '!=') return operator;
  throw refuse('this is compared with = and != only');
}
