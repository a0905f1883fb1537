import { allOf, type Condition, UNSEEN } from './condition.ts';
import { toCondition } from './filter-sql.ts';
import type { NodeKind } from './node-kinds.ts';
import type { Transaction } from './transaction.ts';

/** Rows up to which both sides are counted, one bound after the other: some 30 ns each, a fifteenth of finding one's node. */
const BOUNDS = [1_000, 4_000, 16_000, 64_000];

/**
 * The condition of a filter_query on the nodes in `scope`, so written that the smaller side leads: the properties that
 * pass it, or the nodes in the scope, each of which is then asked for its own. INVALID_ARGUMENT as of {@link toCondition}.
 */
export async function filterWithin(
  transaction: Transaction,
  kind: NodeKind<unknown>,
  scope: readonly Condition[],
  text: string,
): Promise<Condition> {
  const oneType = scope.some((condition) => condition.oneType);
  const filter = toCondition(kind, text, oneType);
  if (!filter.asked || scope.length === 0) return filter;
  const { sql, parameters } = allOf(scope);
  const nodes = { sql: `${kind.table} AS n WHERE ${sql}`, parameters };
  for (const bound of BOUNDS) {
    if (!(await hasMore(transaction, filter.asked.rows, bound))) return filter;
    if (!(await hasMore(transaction, nodes, bound))) return filter.asked.each;
  }
  return filter;
}

async function hasMore(transaction: Transaction, { sql, parameters }: Condition, bound: number): Promise<boolean> {
  const rows = await transaction.all(`SELECT 1 FROM ${sql} LIMIT 1 OFFSET ${UNSEEN}`, ...parameters, BigInt(bound));
  return rows.length > 0;
}
