import { createRecent } from '../../domain/recent.ts';

/** Prepared statements kept at most: filters make new texts. */
const MAX_STATEMENTS = 500;

/** Statements prepared once each, and how many runs they had. */
export function createStatements<Statement>(make: (sql: string) => Statement) {
  const statements = createRecent<Statement>(MAX_STATEMENTS);
  let runs = 0;
  return {
    counted: () => runs,
    prepare(sql: string): Statement {
      runs += 1;
      const known = statements.get(sql);
      if (known) return known;
      const statement = make(sql);
      statements.set(sql, statement);
      return statement;
    },
  };
}
