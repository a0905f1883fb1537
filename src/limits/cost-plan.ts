import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** What selections cost: `fixed`, and `perRow` for each row of the list in which they stand. */
export interface Plan {
  fixed: number;
  perRow: number;
  /** What depends on sizes and conditions. */
  readonly open: Part[];
}

/** A part of a plan that sizes and conditions decide. */
export interface Part {
  /** All of them have to hold. */
  readonly conditions: readonly Condition[];
  /** A place of an object, the rows of a list, or what stands in the selections around it. */
  readonly kind: 'place' | 'rows' | 'spread';
  readonly size?: Size | undefined;
  readonly below: Plan;
}

/** A condition of @skip or @include. */
export interface Condition {
  readonly value: ValueNode;
  readonly holdsFor: boolean;
}

/** The `first` that a field is given. */
export interface Size {
  readonly value: ValueNode;
  readonly field: FieldNode;
  /** True for a list in pages, where it is from 1 to 100. */
  readonly paged: boolean;
}

/** The fragments of a document, and what is known of them. */
interface Document {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly plans: Map<string, Plan>;
}

/** How to count the cost of an operation: each fragment is read once, however often it is spread. */
export function toPlan(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  root: GraphQLObjectType,
  selections: SelectionSetNode,
): Plan {
  return planOf({ schema, fragments, plans: new Map() }, root.name, selections);
}

function planOf(document: Document, typeName: string, { selections }: SelectionSetNode): Plan {
  const plan: Plan = { fixed: 0, perRow: 0, open: [] };
  for (const each of selections) {
    const part = toPart(document, typeName, each);
    if (part) add(plan, part);
  }
  return plan;
}

function toPart(document: Document, typeName: string, node: SelectionNode): Part | undefined {
  const conditions = (node.directives ?? []).flatMap(toCondition);
  if (node.kind === Kind.FIELD) return fieldPart(document, typeName, node, conditions);
  if (node.kind === Kind.FRAGMENT_SPREAD) {
    return { conditions, kind: 'spread', below: fragmentPlan(document, node.name.value) };
  }
  const inner = node.typeCondition?.name.value ?? typeName;
  return { conditions, kind: 'spread', below: planOf(document, inner, node.selectionSet) };
}

/** A value alone costs nothing: what costs is the object that it is of. */
function fieldPart(
  document: Document,
  typeName: string,
  field: FieldNode,
  conditions: readonly Condition[],
): Part | undefined {
  const type = typeOf(document.schema, typeName, field.name.value);
  if (!type || !field.selectionSet) return undefined;
  const named = getNamedType(type);
  if (!isCompositeType(named)) return undefined;
  return {
    conditions,
    kind: isListType(getNullableType(type)) ? 'rows' : 'place',
    size: sizeOf(field, isObjectType(named) && 'pageInfo' in named.getFields()),
    below: planOf(document, named.name, field.selectionSet),
  };
}

function typeOf(schema: GraphQLSchema, typeName: string, field: string): GraphQLOutputType | undefined {
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[field]?.type : undefined;
}

function sizeOf(field: FieldNode, paged: boolean): Size | undefined {
  const value = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  return value && { value, field, paged };
}

function toCondition({ name, arguments: given = [] }: DirectiveNode): Condition[] {
  const [condition] = given;
  if (!condition || (name.value !== 'skip' && name.value !== 'include')) return [];
  return [{ value: condition.value, holdsFor: name.value === 'include' }];
}

function fragmentPlan(document: Document, name: string): Plan {
  const known = document.plans.get(name);
  if (known) return known;
  const fragment = document.fragments.get(name);
  if (!fragment) throw new TypeError(`The document is not valid: it has no fragment ${name}.`);
  const plan = planOf(document, fragment.typeCondition.name.value, fragment.selectionSet);
  document.plans.set(name, plan);
  return plan;
}

/** Counts what can be counted now, and keeps what cannot. */
function add(plan: Plan, part: Part): void {
  const { conditions, size, kind, below } = part;
  if (conditions.length > 0 || size || below.open.length > 0) {
    plan.open.push(part);
    return;
  }
  if (kind === 'place') plan.fixed += 1 + below.fixed + below.perRow;
  else if (kind === 'rows') plan.perRow += 1 + below.fixed + below.perRow;
  else {
    plan.fixed += below.fixed;
    plan.perRow += below.perRow;
  }
}
