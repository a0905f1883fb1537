import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

import type { Api } from './apis.ts';
import { oneOf, textIn, textsIn } from './directives.ts';
import { isJson } from './is-json.ts';

/** How a value of a result is written as JSON. */
export type Shape =
  | { readonly is: 'scalar'; readonly type: string }
  | { readonly is: 'enum'; readonly type: string; readonly values: ReadonlyMap<string, string> }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'list'; readonly of: Shape }
  /** A list of Property, as a map of MetadataValue. */
  | { readonly is: 'properties' }
  /** A connection, as `{ items, nextPageToken, pageSize, size }`. */
  | { readonly is: 'page'; readonly items: Shape }
  | ObjectShape
  | UnionShape;

/** An object; a component of the OpenAPI document where it has a name. */
export interface ObjectShape extends Component {
  readonly is: 'object';
  readonly members: readonly Member[];
  /** Texts that only other servers send. */
  readonly mayHave: readonly string[];
}

/** One of several objects, by the name of their GraphQL type. */
export interface UnionShape extends Component {
  readonly is: 'union';
  readonly cases: ReadonlyMap<string, ObjectShape>;
}

interface Component {
  readonly name?: string;
  readonly description?: string;
  readonly example?: string;
}

/** A member of an object. */
export interface Member {
  /** In the result. */
  readonly key: string;
  /** In JSON. */
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  readonly description?: string | undefined;
  /** True for the member that tells the object's version. */
  readonly etag: boolean;
}

/** The shape of what is selected of a value of the type. */
export function toShape(api: Api, type: GraphQLOutputType, selection: SelectionSetNode | undefined): Shape {
  if (isNonNullType(type)) return toShape(api, type.ofType, selection);
  if (isListType(type)) {
    return getNamedType(type).name === 'Property'
      ? { is: 'properties' }
      : { is: 'list', of: toShape(api, type.ofType, selection) };
  }
  if (isEnumType(type)) return { is: 'enum', type: type.name, values: toEnumNames(api, type) };
  if (!isCompositeType(type) || !selection) return { is: 'scalar', type: type.name };
  if (isObjectType(type) && 'nodes' in type.getFields() && 'pageInfo' in type.getFields()) {
    return toPage(api, type, selection);
  }
  if (isObjectType(type) || (isInterfaceType(type) && isOfItself(api, type, selection))) {
    return toObject(api, type, selection);
  }
  return toUnion(api, selection);
}

/** Whether of an interface only what all of its types have is selected. */
function isOfItself(api: Api, type: GraphQLInterfaceType, { selections }: SelectionSetNode): boolean {
  return selections.every((each) => {
    if (each.kind === Kind.FIELD) return true;
    const fragment = each.kind === Kind.FRAGMENT_SPREAD ? api.fragments.get(each.name.value) : each;
    return fragment?.typeCondition?.name.value === type.name && isOfItself(api, type, fragment.selectionSet);
  });
}

/** The names of an enum's values in JSON, by those in GraphQL. */
export function toEnumNames(api: Api, type: { name: string; getValues(): readonly { name: string }[] }) {
  const named = type.getValues().map(({ name }) => name);
  return new Map(named.map((value) => [value, api.names.enumValues.get(`${type.name}.${value}`) ?? value]));
}

function toPage(api: Api, type: GraphQLObjectType, selection: SelectionSetNode): Shape {
  const fields = [...fieldsOf(api, type, selection)];
  const nodes = fields.find((field) => field.name.value === 'nodes');
  if (!nodes || !fields.some((field) => field.name.value === 'pageInfo')) {
    throw new GraphQLError('A page needs { nodes { … } pageInfo { hasNextPage endCursor } }.', { nodes: selection });
  }
  const shape = toShape(api, fieldType(type, nodes), nodes.selectionSet);
  return { is: 'page', items: shape.is === 'list' ? shape.of : shape };
}

function toUnion(api: Api, selection: SelectionSetNode): UnionShape {
  const { fragment, inner } = soleFragment(api, selection);
  const cases = inner.selections.map((each) => {
    const named = each.kind === Kind.FRAGMENT_SPREAD ? api.fragments.get(each.name.value) : undefined;
    const type = named && api.schema.getType(named.typeCondition.name.value);
    if (!isObjectType(type)) {
      throw new GraphQLError('Of an abstract type only fragments on object types can be selected.', { nodes: each });
    }
    return [type.name, toObject(api, type, { kind: Kind.SELECTION_SET, selections: [each] })] as const;
  });
  return { is: 'union', cases: new Map(cases), ...toComponent(api.schema, fragment) };
}

/** A type whose fields can be selected as such. */
type WithFields = GraphQLObjectType | GraphQLInterfaceType;

function toObject(api: Api, type: WithFields, selection: SelectionSetNode): ObjectShape {
  const { fragment, inner } = soleFragment(api, selection);
  const also = fragment && oneOf(api.schema, fragment.directives, 'mayHave');
  const here = !also?.['in'] || textsIn(also, 'in').includes(api.name);
  return {
    is: 'object',
    members: [...fieldsOf(api, type, inner)].map((field) => toMember(api, type, field)),
    mayHave: here ? textsIn(also, 'members') : [],
    ...toComponent(api.schema, fragment),
  };
}

function toMember(api: Api, parent: WithFields, field: FieldNode): Member {
  const has = (name: string) => field.directives?.some((each) => each.name.value === name) ?? false;
  const key = field.alias?.value ?? field.name.value;
  const text = textIn(oneOf(api.schema, field.directives, 'value'), 'is');
  const name = textIn(oneOf(api.schema, field.directives, 'as'), 'name') ?? key;
  if (text !== undefined) return { key, name, shape: { is: 'text', text }, required: true, etag: false };
  const type = fieldType(parent, field);
  const shape = toShape(api, type, field.selectionSet);
  return {
    key,
    name,
    shape,
    // Maps and pages are always written.
    required: isNonNullType(type) || has('required') || shape.is === 'properties' || shape.is === 'page',
    description: parent.getFields()[field.name.value]?.description ?? undefined,
    etag: has('etag'),
  };
}

function fieldType(parent: WithFields, field: FieldNode): GraphQLOutputType {
  const found = parent.getFields()[field.name.value];
  if (found) return found.type;
  throw new GraphQLError(`'${field.name.value}' needs @value here.`, { nodes: field });
}

/** The fragment that a selection consists of, if it is one, and what it selects. */
function soleFragment(api: Api, selection: SelectionSetNode) {
  const [first, ...others] = selection.selections;
  const spread = first?.kind === Kind.FRAGMENT_SPREAD && others.length === 0 ? first : undefined;
  const fragment = spread && api.fragments.get(spread.name.value);
  return { fragment, inner: fragment?.selectionSet ?? selection };
}

function toComponent(schema: GraphQLSchema, fragment: FragmentDefinitionNode | undefined): Component {
  const example = fragment && textIn(oneOf(schema, fragment.directives, 'example'), 'json');
  if (fragment && example !== undefined && !isJson(example))
    throw new GraphQLError('The example is no JSON.', { nodes: fragment });
  return {
    ...(fragment && { name: fragment.name.value }),
    ...(fragment?.description && { description: fragment.description.value }),
    ...(example !== undefined && { example }),
  };
}

/** The fields of an object's selection, those of its fragments among them. */
function* fieldsOf(api: Api, type: WithFields, selection: SelectionSetNode): Generator<FieldNode> {
  for (const each of selection.selections) {
    if (each.kind === Kind.FIELD) yield each;
    else if (each.kind === Kind.INLINE_FRAGMENT) yield* fieldsOf(api, type, each.selectionSet);
    else {
      const fragment = api.fragments.get(each.name.value);
      if (fragment) yield* fieldsOf(api, type, fragment.selectionSet);
    }
  }
}
