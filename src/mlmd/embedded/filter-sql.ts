import { filterError, parseFilterQuery } from '../../domain/filter-query.ts';

import type { Condition } from './condition.ts';

import { withNeighbours } from './filter/joins.ts';
import type { NodeKind } from './node-kinds.ts';

/** Filters kept at most; the oldest is dropped beyond this. */
const MAX_CACHED = 500;

/** A longer text is not kept: a few of them would take the memory of all others. */
const MAX_CACHED_LENGTH = 2_000;

/** SQLite binds 32,766 values to a statement; the rest is left to the list around the filter. */
const MAX_PARAMETERS = 32_000;

const cached = new Map<string, Condition>();

/**
 * The condition of a filter_query on one kind of node; `oneType` tells that all nodes around have one type. INVALID_ARGUMENT
 * with the place of what is wrong.
 */
export function toCondition(kind: NodeKind<unknown>, text: string, oneType = false): Condition {
  const key = `${kind.table} ${oneType} ${text}`;
  const known = cached.get(key);
  if (known) return known;
  const condition = withNeighbours(kind, parseFilterQuery(text), oneType);
  if (condition.parameters.length > MAX_PARAMETERS) throw filterError('has too many values', 1);
  if (text.length <= MAX_CACHED_LENGTH) remember(key, condition);
  return condition;
}

function remember(key: string, condition: Condition): void {
  const [oldest] = cached.keys();
  if (cached.size >= MAX_CACHED && oldest !== undefined) cached.delete(oldest);
  cached.set(key, condition);
}
