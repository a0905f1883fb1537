import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

import type { FieldRules } from './field-rules.ts';
import { type Permission, permissionName } from './permission.ts';

/** What an operation needs. */
export interface OperationNeeds {
  /** The rights of all fields that it asks for, each once. */
  readonly permissions: readonly Permission[];
  /** The rights without which its roots are answered as if what they ask for were missing. */
  readonly shown: readonly Permission[];
  /** The filters of its lists, as they stand in the document. */
  readonly filters: readonly ValueNode[];
}

/** Says what an operation needs with these variables. */
export type OperationRules = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) => OperationNeeds;

/**
 * The rights that operations of a schema need. The right to `get` what the operation asks for by its id is not among
 * them: whoever lacks it is answered as if the node were missing.
 */
export function createOperationRules(schema: GraphQLSchema, rules: FieldRules): OperationRules {
  const known = new WeakMap<OperationDefinitionNode, OperationNeeds>();
  return (document, operation, variables) => {
    const before = known.get(operation);
    if (before) return before;
    const walk = createWalk(schema, rules, fragmentsOf(document), variables);
    const root = schema.getRootType(operation.operation);
    if (root) walk.visit(operation.selectionSet, root, true);
    const needs = { permissions: [...walk.needed.values()], shown: [...walk.shown.values()], filters: walk.filters };
    if (!walk.conditional()) known.set(operation, needs);
    return needs;
  };
}

/** The argument with a filter in MLMD's language. */
const FILTER = 'filterQuery';

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((each) => [each.name.value, each]));
}

/** A walk over what is selected. It goes through each fragment once, however often it is spread. */
function createWalk(
  schema: GraphQLSchema,
  rules: FieldRules,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
) {
  const needed = new Map<string, Permission>();
  const shown = new Map<string, Permission>();
  const filters: ValueNode[] = [];
  const visited = new Set<FragmentDefinitionNode>();
  let conditional = false;

  function isIncluded(selection: SelectionNode): boolean {
    if (!selection.directives?.length) return true;
    conditional = true;
    if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
  }

  function visit({ selections }: SelectionSetNode, parent: GraphQLNamedType, root: boolean): void {
    for (const selection of selections) if (isIncluded(selection)) enter(selection, parent, root);
  }

  function enter(selection: SelectionNode, parent: GraphQLNamedType, root: boolean): void {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      if (!fragment || visited.has(fragment)) return;
      visited.add(fragment);
      visit(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value) ?? parent, root);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const name = selection.typeCondition?.name.value;
      visit(selection.selectionSet, (name && schema.getType(name)) || parent, root);
    } else {
      const field =
        isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
      if (!field) return; // __typename, and introspection, which shows nothing of the registry.
      const rule = rules(parent.name, field.name);
      for (const { name, value } of selection.arguments ?? []) if (name.value === FILTER) filters.push(value);
      if (rule && rule !== 'each node') (root && isByNode(rule) ? shown : needed).set(permissionName(rule), rule);
      if (selection.selectionSet) visit(selection.selectionSet, getNamedType(field.type), false);
    }
  }

  return { needed, shown, filters, visit, conditional: () => conditional };
}

/** True where each node decides: of lineage and types there are none. */
function isByNode({ verb, resource }: Permission): boolean {
  return verb === 'get' && resource !== 'lineage' && resource !== 'types';
}
