import { type Expression, filterError } from './filter-query.ts';
import { isLike } from './like.ts';

/** The attributes of a row by their names in lower case; undefined where the row has none. */
export type Attributes = Readonly<Record<string, bigint | string | undefined>>;

/** As in SQL, null is both a value that is not there and a condition that is neither true nor false. */
type Value = bigint | number | string | boolean | null;

/** Whether a filter holds for a row in memory. As in SQL, a comparison with what is not there never holds. */
export function matches(filter: Expression, row: Attributes): boolean {
  return truth(filter, row) === true;
}

function evaluate(expression: Expression, row: Attributes): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return attribute(expression.segments.join('.'), row, expression.position);
    case 'and':
      return every(expression.operands.map((operand) => truth(operand, row)));
    case 'or':
      return not(every(expression.operands.map((operand) => not(truth(operand, row)))));
    case 'not':
      return not(truth(expression.operand, row));
    case 'compare':
      return compare(expression.operator, evaluate(expression.left, row), evaluate(expression.right, row), expression);
    case 'is':
    case 'like':
    case 'in':
    case 'between': {
      const holds = test(expression, row);
      return expression.negated ? not(holds) : holds;
    }
    case 'call':
      return call(expression, row);
    case 'arithmetic':
    case 'sign':
      throw filterError(`types cannot be filtered with '${expression.operator}'`, expression.position);
  }
}

type Kind<Name> = Extract<Expression, { readonly kind: Name }>;

function test(expression: Kind<'is' | 'like' | 'in' | 'between'>, row: Attributes): boolean | null {
  const value = evaluate(expression.operand, row);
  switch (expression.kind) {
    case 'is':
      return value === (expression.value === 'unknown' ? null : expression.value);
    case 'like':
      return like(value, evaluate(expression.pattern, row), expression.position);
    case 'in': {
      const equal = expression.values.map((each) => compare('=', value, evaluate(each, row), each));
      return not(every(equal.map(not)));
    }
    case 'between': {
      const { low, high } = expression;
      return every([compare('>=', value, evaluate(low, row), low), compare('<=', value, evaluate(high, row), high)]);
    }
  }
}

function truth(expression: Expression, row: Attributes): boolean | null {
  const value = evaluate(expression, row);
  if (typeof value === 'boolean' || value === null) return value;
  throw filterError('expected a condition, not a value', expression.position);
}

function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

/** False if one is, else null if one is. */
function every(values: readonly (boolean | null)[]): boolean | null {
  return values.includes(false) ? false : values.includes(null) ? null : true;
}

function compare(operator: string, left: Value, right: Value, { position }: Expression): boolean | null {
  if (left === null || right === null) return null;
  const numeric = [left, right].every((side) => typeof side === 'bigint' || typeof side === 'number');
  if (!numeric && typeof left !== typeof right) throw filterError('a text is compared with a number', position);
  switch (operator) {
    case '=':
      // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1.0 are equal numbers, and the types were checked above
      return left == right;
    case '!=':
    case '<>':
      // biome-ignore lint/suspicious/noDoubleEquals: see above
      return left != right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}

function like(value: Value, pattern: Value, position: number): boolean | null {
  if (value === null || pattern === null) return null;
  if (typeof value === 'string' && typeof pattern === 'string') return isLike(value, pattern);
  throw filterError('LIKE takes texts in quotes', position);
}

function attribute(name: string, row: Attributes, position: number): Value {
  const key = name.toLowerCase();
  if (Object.hasOwn(row, key)) return row[key] ?? null;
  throw filterError(`no attribute is named '${name}'; there are ${Object.keys(row).join(', ')}`, position);
}

function call({ name, operands, position }: Kind<'call'>, row: Attributes): Value {
  const [operand] = operands;
  if (!['lower', 'upper'].includes(name) || operands.length !== 1 || !operand) {
    throw filterError('types can be filtered with lower(x) and upper(x), and no other function', position);
  }
  const value = evaluate(operand, row);
  if (value === null) return null;
  if (typeof value !== 'string') throw filterError(`${name}() takes a text`, operand.position);
  return name === 'lower' ? value.toLowerCase() : value.toUpperCase();
}
