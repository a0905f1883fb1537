import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  specifiedDirectives,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

import type { Api } from './apis.ts';

const STANDARD: ReadonlySet<string> = new Set(specifiedDirectives.map(({ name }) => name));

/** Tells the objects of an abstract type apart. */
const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** An operation with its fragments as a document for an executor: no directives of routes, type names where needed. */
export function toPlain(api: Api, operation: OperationDefinitionNode): DocumentNode {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsOf(api, operation)] };
  const types = new TypeInfo(api.schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Directive(node) {
        return STANDARD.has(node.name.value) ? undefined : null;
      },
      SelectionSet(node) {
        const type = types.getParentType();
        return type && isAbstractType(getNamedType(type))
          ? { ...node, selections: [TYPENAME, ...node.selections] }
          : undefined;
      },
    }),
  );
}

function fragmentsOf(api: Api, operation: OperationDefinitionNode): FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const queue: SelectionNode[] = [...operation.selectionSet.selections];
  for (const each of queue) {
    const fragment = each.kind === Kind.FRAGMENT_SPREAD ? api.fragments.get(each.name.value) : undefined;
    if (fragment && !found.has(fragment)) {
      found.add(fragment);
      queue.push(...fragment.selectionSet.selections);
    }
    if (each.kind !== Kind.FRAGMENT_SPREAD) queue.push(...(each.selectionSet?.selections ?? []));
  }
  return [...found];
}
