import type { SqlValue } from './transaction.ts';

/** A condition on a row of a node table `n`: constant SQL, and what to bind to its `?`. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  /** Set where all rows that pass it have one type. */
  readonly oneType?: true;
  /** Set where it leads from the rows that an index finds, and could also be asked for each node. */
  readonly asked?: { readonly rows: Condition; readonly each: Condition };
}

/**
 * A place for a value in SQL that SQLite plans for whatever is bound to it. It looks at the value of a plain `?` behind
 * LIMIT and LIKE to plan for that, and so plans anew for each run, which takes longer than a small statement does.
 */
export const UNSEEN = '+?';

/** The conditions joined by AND. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? { sql: 'TRUE', parameters: [] } : joined(conditions, 'AND');
}

/**
 * Conditions joined by AND or OR, as a tree as low as can be: SQLite bounds the depth of an expression, and a chain of
 * a thousand would be too deep.
 */
export function joined(conditions: readonly Condition[], operator: 'AND' | 'OR'): Condition {
  return {
    sql: balanced(
      conditions.map(({ sql }) => sql),
      operator,
    ),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function balanced(texts: readonly string[], operator: string): string {
  if (texts.length <= 2) return texts.join(` ${operator} `);
  const middle = Math.ceil(texts.length / 2);
  const halves = [texts.slice(0, middle), texts.slice(middle)];
  return halves.map((half) => (half.length === 1 ? half[0] : `(${balanced(half, operator)})`)).join(` ${operator} `);
}
