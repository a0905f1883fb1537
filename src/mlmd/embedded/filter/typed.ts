import { filterError, type Literal } from '../../../domain/filter-query.ts';

import type { Condition } from '../condition.ts';
import type { Column, Neighbour } from './names.ts';

/** What a part of a filter gives. A `null` is the literal, which goes with every other type. */
export type ValueType = 'int' | 'double' | 'string' | 'bool' | 'null';

/** A part of a filter as SQL: an operand that stands in any place, in parentheses where it has to be. */
export interface Typed extends Condition {
  readonly type: ValueType;
  readonly position: number;
  /** The neighbours whose rows it speaks of. */
  readonly neighbours: ReadonlySet<Neighbour>;
  /** Whether it speaks of the node's own row. */
  readonly own: boolean;
  /** Set where it is nothing but this constant. */
  readonly literal?: Literal;
  /** Set where it is nothing but this column. */
  readonly column?: Column;
  /** Set where few rows pass it, and an index finds them; the text is one more condition that helps the index, or ''. */
  readonly indexed?: string;
  /** Set where that index finds just the rows that pass. */
  readonly exact?: true;
  /** Set where it holds if one of these does. */
  readonly alternatives?: readonly Typed[];
}

/** SQL over `parts`, whose neighbours and place it has; `indexed` has to be said anew. */
export function typed(
  type: ValueType,
  parts: readonly Typed[],
  sql: string,
  parameters?: Condition['parameters'],
): Typed {
  return {
    type,
    sql,
    parameters: parameters ?? parts.flatMap((part) => part.parameters),
    position: parts[0]?.position ?? 1,
    neighbours: new Set(parts.flatMap(({ neighbours }) => [...neighbours])),
    own: parts.some(({ own }) => own),
  };
}

/** The parts as values of one type, numbers as doubles where one is; INVALID_ARGUMENT where there is no such type. */
export function alike(parts: readonly Typed[]): { readonly type: ValueType; readonly parts: readonly Typed[] } {
  const types = new Set(parts.map(({ type }) => type).filter((type) => type !== 'null'));
  if (types.has('int') && types.has('double')) types.delete('int');
  const [type = 'int', other] = types;
  if (other !== undefined) {
    const first = parts.find((part) => part.type !== 'null');
    const odd = parts.find((part) => part.type !== 'null' && !fits(part.type, first?.type ?? type));
    throw filterError(`expected ${NOUN[first?.type ?? type]}, not ${NOUN[odd?.type ?? other]}`, odd?.position ?? 1);
  }
  return { type, parts: type === 'double' ? parts.map(toDouble) : parts };
}

function fits(type: ValueType, expected: ValueType): boolean {
  return type === expected || ([type, expected].includes('int') && [type, expected].includes('double'));
}

/** The part, if it is of this type (an `int` is also a `double`); INVALID_ARGUMENT otherwise. */
export function expectType(part: Typed, type: Exclude<ValueType, 'null'>): Typed {
  if (part.type === type || part.type === 'null') return part;
  if (type === 'double' && part.type === 'int') return toDouble(part);
  throw filterError(`expected ${NOUN[type]}, not ${NOUN[part.type]}`, part.position);
}

/** The part, unless it is the literal NULL: as the engine does, most operators refuse it instead of never holding. */
export function notNull(part: Typed): Typed {
  if (part.type !== 'null') return part;
  throw filterError('nothing compares with NULL; write IS NULL or IS NOT NULL', part.position);
}

function toDouble(part: Typed): Typed {
  if (part.type !== 'int') return part;
  const { literal } = part;
  if (literal?.type === 'int') return { ...part, type: 'double', parameters: [Number(literal.value)] };
  return typed('double', [part], `CAST(${part.sql} AS REAL)`);
}

const NOUN: Readonly<Record<ValueType, string>> = {
  int: 'a whole number',
  double: 'a number',
  string: 'a text in quotes',
  bool: 'a condition',
  null: 'NULL',
};
