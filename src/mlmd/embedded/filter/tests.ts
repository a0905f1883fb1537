import { type Comparison, filterError } from '../../../domain/filter-query.ts';

import { joined, UNSEEN } from '../condition.ts';
import { jsonList } from '../transaction.ts';
import { alike, expectType, notNull, type Typed, typed } from './typed.ts';

/** Patterns beyond this many bytes are an error in SQLite. */
const MAX_PATTERN_BYTES = 50_000;

/** Conditions joined by AND or OR. */
export function logical(kind: 'and' | 'or', operands: readonly Typed[]): Typed {
  const parts = operands.map((operand) => expectType(operand, 'bool'));
  const plain = typed('bool', parts, `(${joined(parts, kind === 'and' ? 'AND' : 'OR').sql})`);
  const indexed = parts.filter((part) => part.indexed === '').length;
  return {
    ...plain,
    ...(indexed > 0 && (kind === 'and' || indexed === parts.length) ? { indexed: '' } : {}),
    ...(kind === 'or' ? { alternatives: parts } : {}),
  };
}

/** Two operands compared. */
export function compare(operator: Comparison, left: Typed, right: Typed): Typed {
  const { parts } = alike([left, right].map(notNull));
  const [a = left, b = right] = parts;
  const symbol = operator === '<>' ? '!=' : operator;
  const test = b.literal ? testOfColumn(a, symbol, '?') : undefined;
  const plain = typed('bool', parts, test ?? `(${a.sql} ${symbol} ${b.sql})`);
  if (symbol === '!=') return plain;
  return { ...plain, ...(b.literal ? rangeOf(a) : a.literal ? rangeOf(b) : {}) };
}

/** Whether an operand is one of a list. */
export function listTest(operand: Typed, values: readonly Typed[], negated: boolean): Typed {
  const { parts } = alike([operand, ...values]);
  const [left = operand, ...list] = parts;
  const not = negated ? 'NOT ' : '';
  const constants = list.flatMap(({ literal }) =>
    literal?.type === 'int' || literal?.type === 'string' ? [literal.value] : [],
  );
  // Doubles stay out of it: a number of JSON need not be read to its last bit.
  const plain = constants.length === list.length && left.type !== 'double';
  const items = plain ? 'SELECT value FROM json_each(?)' : list.map(({ sql }) => sql).join(', ');
  const parameters = plain ? [...left.parameters, jsonList(constants)] : undefined;
  const sql = (plain && testOfColumn(left, `${not}IN`, `(${items})`)) || `(${left.sql} ${not}IN (${items}))`;
  return { ...typed('bool', parts, sql, parameters), ...(plain && !negated ? rangeOf(left) : {}) };
}

/** Whether an operand is between two others, or equal to one. */
export function between(operands: readonly Typed[], negated: boolean): Typed {
  const { parts } = alike(operands);
  const [operand, low, high] = parts.map(({ sql }) => sql);
  const plain = typed('bool', parts, `(${operand} ${negated ? 'NOT ' : ''}BETWEEN ${low} AND ${high})`);
  const [first, ...bounds] = parts;
  return { ...plain, ...(first && !negated && bounds.every(({ literal }) => literal) ? rangeOf(first) : {}) };
}

/** SQLite's LIKE: `%` and `_` with no way to escape them, blind to the case of A to Z. */
export function like(operand: Typed, pattern: Typed, negated: boolean): Typed {
  const parts = [operand, pattern].map((part) => expectType(notNull(part), 'string'));
  const [left = operand, right = pattern] = parts;
  const { literal } = pattern;
  const test = `${left.sql} ${negated ? 'NOT ' : ''}LIKE ${literal ? UNSEEN : right.sql}`;
  if (literal?.type !== 'string') {
    // A pattern from the data that is too long matches nothing, rather than break the whole list.
    const parameters = [...right.parameters, ...left.parameters, ...right.parameters];
    return typed('bool', parts, `iif(octet_length(${right.sql}) <= ${MAX_PATTERN_BYTES}, ${test}, NULL)`, parameters);
  }
  if (new TextEncoder().encode(literal.value).length > MAX_PATTERN_BYTES) {
    throw filterError(`a pattern has ${MAX_PATTERN_BYTES} bytes at most`, pattern.position);
  }
  return { ...typed('bool', parts, `(${test})`), ...(negated || !left.column?.narrow ? {} : indexOf(left)) };
}

/** IS [NOT] NULL of anything; IS [NOT] TRUE, FALSE and UNKNOWN of conditions. */
export function isTest(operand: Typed, value: null | 'unknown' | boolean, negated: boolean): Typed {
  const part = value === null ? operand : expectType(operand, 'bool');
  const word = value === null || value === 'unknown' ? 'NULL' : value ? 'TRUE' : 'FALSE';
  const plain = typed('bool', [part], `(${part.sql} IS ${negated ? 'NOT ' : ''}${word})`);
  return { ...plain, ...(value === null && negated && part.column?.narrow ? indexOf(part) : {}) };
}

function rangeOf(part: Typed): Pick<Typed, 'indexed' | 'exact'> {
  return part.column?.index === undefined ? {} : { ...indexOf(part), exact: true };
}

function indexOf({ column }: Typed): Pick<Typed, 'indexed'> {
  return column?.index === undefined ? {} : { indexed: column.index };
}

/** The name of a type compared: by the ids of such types, which has an index. A node always has a type. */
function testOfColumn({ column }: Typed, operator: string, right: string): string | undefined {
  return column?.typeId && `(${column.typeId} ${operator} ${right}))`;
}
