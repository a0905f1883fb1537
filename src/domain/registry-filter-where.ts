import { RegistryError } from '../errors.ts';

import { all, any, type Condition, type Constant, not, type TestOperator } from './registry-filter.ts';
import { type Named, namesOf, propertyOf } from './registry-filter-names.ts';
import { comparison, likeness, membership, presence, type Refuse } from './registry-filter-values.ts';
import type { RegistryKindName } from './registry-kinds.ts';

/** The condition in a GraphQL input `…Where`. INVALID_ARGUMENT for values that cannot be, and for one that is too deep. */
export function toWhereCondition(kinds: readonly RegistryKindName[], where: object): Condition {
  return conditionOf(namesOf(kinds), where, 'where', 1);
}

/** Inputs in inputs at most. */
const MAX_DEPTH = 50;

type Names = ReadonlyMap<string, Named>;

function conditionOf(names: Names, where: object, place: string, depth: number): Condition {
  if (depth > MAX_DEPTH) throw refusal(place)(`it is nested more than ${MAX_DEPTH} levels deep`);
  const inner = (each: unknown, at: string) => conditionOf(names, toObject(each), at, depth + 1);
  return all(
    given(where).map(([key, value]) => {
      const at = `${place}.${key}`;
      switch (key) {
        case 'and':
          return all(toList(value).map((each) => inner(each, at)));
        case 'or':
          return any(toList(value).map((each) => inner(each, at)));
        case 'not':
          return not(inner(value, at));
        case 'customProperty':
          return all(toList(value).map((each) => customProperty(toObject(each), at)));
        default: {
          const named = names.get(key);
          if (!named) throw refusal(at)('there is no such field');
          return typeof value === 'boolean' ? comparison(named, '=', value, refusal(at)) : tests(named, value, at);
        }
      }
    }),
  );
}

const KINDS = { string: 'string', int: 'int', double: 'double' } as const;

function customProperty({ name, ...filter }: Readonly<Record<string, unknown>>, place: string): Condition {
  const property = String(name);
  return all(
    given(filter).map(([key, value]) => {
      const at = `${place}.${key}`;
      if (key === 'exists') {
        const present = presence({ type: 'open', custom: true, name: property });
        return value ? present : not(present);
      }
      if (key === 'bool') return comparison(propertyOf(true, property, 'bool'), '=', value === true, refusal(at));
      const kind = Object.entries(KINDS).find(([each]) => each === key)?.[1];
      return kind ? tests(propertyOf(true, property, kind), value, at) : ofNumber(property, value, at);
    }),
  );
}

/** A number is a whole number or a double: absent as one of them is no absence. */
function ofNumber(name: string, filter: unknown, place: string): Condition {
  const number = ['int', 'double'] as const;
  const present = any(number.map((kind) => presence(propertyOf(true, name, kind))));
  return all(
    given(toObject(filter)).map(([key, value]) => {
      if (key === 'isNull') return value ? not(present) : present;
      return tests({ type: 'open', custom: true, name }, { [key]: value }, place);
    }),
  );
}

const OPERATORS: Readonly<Record<string, TestOperator>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  has: '=',
};

function tests(named: Named, filter: unknown, place: string): Condition {
  return all(
    given(toObject(filter)).map(([key, value]) => {
      const refuse = refusal(`${place}.${key}`);
      const operator = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
      if (operator) return comparison(named, operator, constant(named, value), refuse);
      switch (key) {
        case 'isNull':
          return value ? not(presence(named)) : presence(named);
        case 'in': {
          const values = toList(value).map((each) => constant(named, each));
          return membership(named, values, false, refuse);
        }
        case 'like':
        case 'ilike':
          return likeness(named, String(value), { folded: key === 'ilike', negated: false }, refuse);
        default:
          throw refuse('there is no such test');
      }
    }),
  );
}

/** The value of a scalar; one that is written in the query itself may still be its digits. */
function constant({ type }: Named, value: unknown): Constant {
  if (type === 'int' && typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return BigInt(value);
  if (value instanceof Date) return BigInt(value.getTime());
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}

/** What is given: null says no more than nothing. */
function given(input: object): readonly (readonly [string, unknown])[] {
  return Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function refusal(place: string): Refuse {
  return (problem) => new RegistryError('INVALID_ARGUMENT', `'${place}' is wrong: ${problem}.`, { argument: place });
}
