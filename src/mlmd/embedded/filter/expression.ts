import { type Expression, filterError, type Literal, type Path } from '../../../domain/filter-query.ts';

import type { SqlValue } from '../transaction.ts';
import { callFunction } from './functions.ts';
import type { Scope } from './scope.ts';
import { stateTest } from './states.ts';
import { between, compare, isTest, like, listTest, logical } from './tests.ts';
import { alike, expectType, notNull, type Typed, typed } from './typed.ts';

/** SQLite takes expressions of up to 1,000 levels; each of ours makes at most three, and a list its logarithm. */
const MAX_LEVELS = 900;

/** A filter or a part of it as SQL. INVALID_ARGUMENT where its parts do not fit together. */
export function toTyped(scope: Scope, expression: Expression, level = 1): Typed {
  if (level > MAX_LEVELS) throw filterError('nested too deeply', expression.position);
  const next = (part: Expression) => toTyped(scope, part, level + 3);
  switch (expression.kind) {
    case 'literal':
      return constant(expression);
    case 'path':
      return named(scope, expression);
    case 'and':
    case 'or': {
      const below = level + 3 + Math.ceil(Math.log2(expression.operands.length));
      return logical(
        expression.kind,
        expression.operands.map((part) => toTyped(scope, part, below)),
      );
    }
    case 'not': {
      const operand = expectType(notNull(next(expression.operand)), 'bool');
      return typed('bool', [operand], `(NOT ${operand.sql})`);
    }
    case 'compare':
    case 'in':
      return stateTest(scope, expression) ?? plainTest(expression, next);
    case 'like':
      return like(next(expression.operand), next(expression.pattern), expression.negated);
    case 'between':
      return between([expression.operand, expression.low, expression.high].map(next), expression.negated);
    case 'is':
      return isTest(next(expression.operand), expression.value, expression.negated);
    case 'arithmetic':
      return arithmetic(expression.operator, [expression.left, expression.right].map(next));
    case 'sign':
      return sign(expression.operator, next(expression.operand));
    case 'call':
      return callFunction(expression.name, expression.operands.map(next), expression.position);
  }
}

function plainTest(
  expression: Extract<Expression, { readonly kind: 'compare' | 'in' }>,
  next: (part: Expression) => Typed,
): Typed {
  if (expression.kind === 'compare') return compare(expression.operator, next(expression.left), next(expression.right));
  return listTest(next(expression.operand), expression.values.map(next), expression.negated);
}

function constant(literal: Literal): Typed {
  const { type, position } = literal;
  const base = { position, neighbours: new Set<never>(), own: false, literal };
  if (type === 'null') return { ...base, type, sql: 'NULL', parameters: [] };
  const value = toSqlValue(literal);
  // Between 2^63 and 2^64 the engine takes an integer for one without sign; as a double it is as much above all others.
  return { ...base, type: typeof value === 'number' ? 'double' : type, sql: '?', parameters: [value] };
}

function toSqlValue(literal: Literal): SqlValue {
  const { type, value, position } = literal;
  if (type === 'bool') return value ? 1n : 0n;
  if (type !== 'int' || BigInt.asIntN(64, value) === value) return value;
  if (BigInt.asUintN(64, value) === value) return Number(value);
  throw filterError('this number does not fit into 64 bits', position);
}

function named(scope: Scope, path: Path): Typed {
  const { column, neighbour } = scope.resolve(path);
  return {
    type: column.type,
    sql: column.sql,
    parameters: [],
    position: path.position,
    neighbours: new Set(neighbour ? [neighbour] : []),
    own: neighbour === undefined,
    column,
  };
}

function arithmetic(operator: string, operands: readonly Typed[]): Typed {
  const numbers = operands.map(notNull).map(number);
  // As in GoogleSQL, a quotient is never of whole numbers.
  const asDouble = operator === '/' || numbers.some(({ type }) => type === 'double');
  const parts = asDouble ? numbers.map((part) => expectType(part, 'double')) : numbers;
  return typed(alike(parts).type, parts, `(${parts.map(({ sql }) => sql).join(` ${operator} `)})`);
}

function sign(operator: string, operand: Typed): Typed {
  const part = number(notNull(operand));
  return typed(part.type, [part], operator === '-' ? `(- ${part.sql})` : part.sql);
}

function number(part: Typed): Typed {
  return part.type === 'int' ? part : expectType(part, 'double');
}
