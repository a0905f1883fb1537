import { createRecent } from '../../domain/recent.ts';

/** Prepared statements kept at most: filters make new texts. */
const MAX_STATEMENTS = 500;

/** Statements prepared once each. */
export interface Statements<Statement> {
  /** How many runs there were of statements from {@link prepare}. */
  counted(): number;
  prepare(sql: string): Statement;
  /** Begins or ends a transaction or a savepoint. */
  control(sql: string): void;
}

/** Statements that `make` prepares; those that were used last are kept. */
export function createStatements<Statement extends { run(): unknown }>(
  make: (sql: string) => Statement,
): Statements<Statement> {
  const statements = createRecent<Statement>(MAX_STATEMENTS);
  let runs = 0;
  const cached = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = make(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    counted: () => runs,
    prepare(sql) {
      runs += 1;
      return cached(sql);
    },
    control: (sql) => void cached(sql).run(),
  };
}
