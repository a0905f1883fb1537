import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type StringValueNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

import { countUses, fragmentsOf } from './count-uses.ts';

/** Operations in one document; only one of them is run. */
const MAX_OPERATIONS = 5;
/** Names of a field's own in one operation: each makes a field be answered once more. */
const MAX_ALIASES = 30;
const MAX_DIRECTIVES = 20;
/** Changes in one operation. */
const MAX_CHANGES = 10;

/** What a document may not have, besides what makes it invalid for the schema. */
export const DOCUMENT_RULES: ValidationRule[] = [refuseTooMuch, refuseNul];

/** Refuses documents that use too much of what multiplies work. */
function refuseTooMuch(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      for (const problem of problemsOf(document)) context.reportError(problem);
      return undefined;
    },
  };
}

function problemsOf(document: DocumentNode): readonly GraphQLError[] {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > MAX_OPERATIONS) {
    return [new GraphQLError(tooMany(operations.length, 'operations', MAX_OPERATIONS, 'The document'))];
  }
  return operations.flatMap((each) => problemsIn(document, each));
}

function problemsIn(document: DocumentNode, operation: OperationDefinitionNode): readonly GraphQLError[] {
  const { aliases, directives, rootFields } = countUses(fragmentsOf(document), operation);
  const counts = [
    [aliases, 'aliases', MAX_ALIASES],
    [directives, 'directives', MAX_DIRECTIVES],
    [operation.operation === 'mutation' ? rootFields : 0, 'changes', MAX_CHANGES],
  ] as const;
  return counts
    .filter(([count, , most]) => count > most)
    .map(([count, what, most]) => new GraphQLError(tooMany(count, what, most, 'The operation'), { nodes: operation }));
}

function tooMany(count: number, what: string, most: number, where: string): string {
  const told = count > Number.MAX_SAFE_INTEGER ? 'more than can be counted' : count;
  return `${where} has ${told} ${what}, fragments written out; it may have ${most}.`;
}

/** Refuses U+0000 in a text: there is none in anything that is stored. */
function refuseNul(context: ValidationContext): ASTVisitor {
  return {
    StringValue(node: StringValueNode) {
      if (node.value.includes('\0')) {
        context.reportError(
          new GraphQLError('The text has a character U+0000, which cannot be stored.', { nodes: node }),
        );
      }
      return undefined;
    },
  };
}
