import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql';

import { isResource, isVerb, type Permission, permissionName } from './permission.ts';

/** What a field needs: a right, or nothing but what its nodes need; undefined for what belongs to its parent. */
export type FieldRule = Permission | 'each node' | undefined;

/** The rules of all fields of a schema, by the names of type and field. */
export type FieldRules = (type: string, field: string) => FieldRule;

/** Types that hand on what a field gave: their fields are ruled by it. */
const CARRIER = /(Connection|(?<!Lineage)Edge|Payload)$/;

/** The rules beside the fields of the schema. Throws for fields that need one and have none, so that nothing starts. */
export function readFieldRules(schema: GraphQLSchema): FieldRules {
  const rules = new Map<string, FieldRule>();
  const without: string[] = [];
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const leads = nodesBehind(schema);
  for (const type of compositesOf(schema)) {
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      const rule = ruleOf(field, place);
      const needed = roots.includes(type as GraphQLObjectType) || leads(getNamedType(field.type));
      if (!rule && needed && !CARRIER.test(type.name)) without.push(place);
      rules.set(place, rule);
    }
  }
  if (without.length > 0) throw new TypeError(`Fields without a rule of access: ${without.join(', ')}.`);
  return (type, field) => rules.get(`${type}.${field}`);
}

/** What mutations need in words, by their names. */
export function mutationRights(schema: GraphQLSchema): (mutation: string) => string | undefined {
  const rules = readFieldRules(schema);
  return (mutation) => {
    const rule = rules('Mutation', mutation);
    return rule && rule !== 'each node' ? permissionName(rule) : undefined;
  };
}

type Composite = GraphQLObjectType | GraphQLInterfaceType;

function compositesOf(schema: GraphQLSchema): readonly Composite[] {
  const all = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  return all.filter((type) => isObjectType(type) || isInterfaceType(type));
}

/** Whether a value of a type is a node, or leads to one. */
function nodesBehind(schema: GraphQLSchema): (type: GraphQLNamedType) => boolean {
  const composites = compositesOf(schema);
  const isNode = (type: Composite) => type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node');
  const leading = new Set<GraphQLNamedType>(composites.filter(isNode));
  for (let before = -1; before !== leading.size; ) {
    before = leading.size;
    for (const type of composites) {
      const fields = Object.values(type.getFields());
      if (fields.some((field) => leading.has(getNamedType(field.type)))) leading.add(type);
    }
  }
  return (type) => leading.has(type);
}

function ruleOf({ astNode }: GraphQLField<unknown, unknown>, place: string): FieldRule {
  const directive = (name: string) => astNode?.directives?.find((each) => each.name.value === name);
  const access = directive('access');
  if (access) return toPermission(access, place);
  return directive('accessOfEachNode') && 'each node';
}

function toPermission({ arguments: values = [] }: ConstDirectiveNode, place: string): Permission {
  const text = (argument: string) => {
    const value = values.find(({ name }) => name.value === argument)?.value;
    return value?.kind === Kind.ENUM ? value.value.replaceAll('_', '').toLowerCase() : '';
  };
  const verb = text('verb');
  const resource = text('resource');
  if (isVerb(verb) && isResource(resource)) return { verb, resource };
  throw new TypeError(`The rule of access of ${place} names no verb and resource.`);
}
