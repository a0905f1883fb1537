import { type Expression, filterError } from '../../../domain/filter-query.ts';

import { jsonList } from '../transaction.ts';
import type { Column } from './names.ts';
import type { Scope } from './scope.ts';
import { type Typed, typed } from './typed.ts';

type Test = Extract<Expression, { readonly kind: 'compare' | 'in' }>;

/**
 * The test of a state or an event's type by its names, as in `state = LIVE`; undefined for every other test. As in the
 * engine these are bare words on the right of =, !=, IN and NOT IN, and the negative ones hold where there is no state.
 */
export function stateTest(scope: Scope, test: Test): Typed | undefined {
  const left = test.kind === 'compare' ? test.left : test.operand;
  if (left.kind !== 'path' || (test.kind === 'compare' && !['=', '!='].includes(test.operator))) return undefined;
  const values = test.kind === 'compare' ? [test.right] : test.values;
  const { column, neighbour } = scope.resolve(left);
  if (!column.states) return undefined;
  const part: Typed = {
    type: 'int',
    sql: column.sql,
    parameters: [],
    position: left.position,
    neighbours: new Set(neighbour ? [neighbour] : []),
    own: neighbour === undefined,
  };
  if (!values.every((value) => meansState(value, test))) return undefined;
  const negated = test.kind === 'compare' ? test.operator !== '=' : test.negated;
  const numbers = jsonList(values.map((value) => toState(column, value)));
  const list = `${column.sql} ${negated ? 'NOT IN' : 'IN'} (SELECT value FROM json_each(?))`;
  return typed('bool', [part], negated ? `(${list} OR ${column.sql} IS NULL)` : `(${list})`, [numbers]);
}

/** One word, a text or TRUE; a whole number too behind = and !=, where the engine takes it for a word. */
function meansState(value: Expression, { kind }: Test): boolean {
  if (value.kind === 'path') return value.segments.length === 1;
  if (value.kind !== 'literal') return false;
  if (value.type === 'int') return kind === 'compare' && value.value >= 0n;
  return value.type === 'string' || value.type === 'bool';
}

function toState(column: Column, value: Expression): bigint {
  const states = column.states ?? {};
  const name = value.kind === 'path' ? value.segments.join('.') : '';
  const number = Object.hasOwn(states, name) ? states[name] : undefined;
  if (number !== undefined) return BigInt(number);
  throw filterError(`expected one of ${Object.keys(states).join(', ')}`, value.position);
}
