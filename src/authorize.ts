import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';

import type { Access } from './auth/access.ts';
import { readFieldRules } from './auth/field-rules.ts';
import { createOperationRules } from './auth/operation-rules.ts';
import { refuseHiddenNeighbours } from './guard/filter-neighbours.ts';

/** Refuses an operation of which the caller may not do all. PERMISSION_DENIED, or UNAVAILABLE where it cannot be decided. */
export type Authorize = (
  access: Access,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** Decides once for each operation, by the rules beside the fields. Throws for a schema with a field that lacks one. */
export function createAuthorize(schema: GraphQLSchema): Authorize {
  const needsOf = createOperationRules(schema, readFieldRules(schema));
  return async (access, document, operation, variables) => {
    if (access.unbounded) return;
    const { permissions, filters } = needsOf(document, operation, variables);
    // All are asked at once; the first of the document that is refused is the one that is told.
    const asked = permissions.map((permission) => access.demand(permission));
    await Promise.allSettled(asked);
    await Promise.all(asked);
    for (const filter of filters) {
      const text: unknown = valueFromASTUntyped(filter, { ...variables });
      if (typeof text === 'string') refuseHiddenNeighbours(access, text);
    }
  };
}
