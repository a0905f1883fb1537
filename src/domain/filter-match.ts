import { type Filter, filterError, type Operand } from './filter-query.ts';

/** The attributes of a row by their names in lower case; undefined where the row has none. */
export type Attributes = Readonly<Record<string, bigint | string | undefined>>;

type Value = bigint | number | string | boolean | null | undefined;

/** Whether a filter holds for a row in memory. As in SQL, a comparison with what is not there never holds. */
export function matches(filter: Filter, row: Attributes): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => matches(operand, row));
    case 'or':
      return filter.operands.some((operand) => matches(operand, row));
    case 'not':
      return !matches(filter.operand, row);
    case 'null':
      return (valueIn(filter.operand, row) === undefined) !== filter.negated;
    case 'in': {
      const value = valueIn(filter.operand, row);
      return value !== undefined && filter.values.some((each) => valueIn(each, row) === value) !== filter.negated;
    }
    case 'compare':
      return compare(filter.operator, valueIn(filter.left, row), valueIn(filter.right, row), filter.position);
    case 'like':
      throw filterError('types cannot be filtered by LIKE', filter.position);
  }
}

function compare(operator: string, left: Value, right: Value, position: number): boolean {
  if (left === undefined || right === undefined || left === null || right === null) return false;
  const numeric = [left, right].every((side) => typeof side === 'bigint' || typeof side === 'number');
  if (!numeric && typeof left !== typeof right) throw filterError('a text is compared with a number', position);
  switch (operator) {
    case '=':
      // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1.0 are equal numbers, and the types were checked above
      return left == right;
    case '!=':
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

function valueIn(operand: Operand, row: Attributes): Value {
  if (operand.kind === 'literal') return operand.value;
  if (operand.kind === 'call') {
    const value = valueIn(operand.operand, row);
    if (typeof value !== 'string') return undefined;
    return operand.name === 'lower' ? value.toLowerCase() : value.toUpperCase();
  }
  const name = operand.segments.join('.').toLowerCase();
  if (Object.hasOwn(row, name)) return row[name];
  throw filterError(
    `no attribute is named '${operand.segments.join('.')}'; there are ${Object.keys(row).join(', ')}`,
    operand.position,
  );
}
