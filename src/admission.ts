import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

import type { Context } from './context.ts';
import { createCostCounter, refuseCostly, type Variables } from './limits/cost.ts';

/**
 * Lets an operation be run: QUERY_TOO_COMPLEX, RATE_LIMITED or INVALID_ARGUMENT where it may not. What it gives is to be
 * called when the operation has ended.
 */
export type Admit = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  context: Context,
) => () => void;

/** Counts what an operation would cost before anything of it is run, and has the caller pay for it. */
export function createAdmission(schema: GraphQLSchema): Admit {
  const count = createCostCounter(schema);
  return (document, operation, variables, { purse, budget }) => {
    const cost = count(document, operation, variables);
    refuseCostly(cost);
    purse?.pay(cost);
    return () => purse?.settle(budget.used());
  };
}
