import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

import type { Permission } from '../../src/auth/permission.ts';
import { expectedRule } from './expected-rules.ts';

/** One cell of the matrix, before it is asked by anyone. */
export interface MatrixOperation {
  readonly name: string;
  readonly query: string;
  /** The rights without which it is refused whole. */
  readonly needs: readonly Permission[];
  /** The right without which the answer is the one for a missing node. */
  readonly sees?: Permission | undefined;
  /** The field of the answer that is null then. */
  readonly field?: string;
}

/** Ids of stored nodes by the name of their GraphQL type. */
export type SampleIds = ReadonlyMap<string, { readonly id: string; readonly databaseId: string }>;

type Field = GraphQLField<unknown, unknown>;

/** Every root field of the schema as an operation. */
export function rootOperations(schema: GraphQLSchema, samples: SampleIds): readonly MatrixOperation[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {}).map((field) => {
      const type = getNamedType(field.type);
      const rule = expectedRule(root?.name ?? '', field.name, type.name);
      const call = `${field.name}${argumentsOf(field, type, samples)}`;
      const text = `${root?.name === 'Mutation' ? 'mutation ' : ''}{ answer: ${call}${selectionOf(type)} }`;
      const byNode = rule?.verb === 'get' && rule.resource !== 'lineage' && rule.resource !== 'types';
      return {
        name: `${root?.name}.${field.name}`,
        query: text,
        needs: rule && !byNode ? [rule] : [],
        ...(byNode && { sees: rule, field: 'answer' }),
      };
    }),
  );
}

/** Every field of a node that leads to another, reached by the node's own root field, by its list, by its id and by a lineage. */
export function nestedOperations(schema: GraphQLSchema, samples: SampleIds): readonly MatrixOperation[] {
  return [...samples].flatMap(([name, { id, databaseId }]) => {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLObjectType)) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const rule = ruledIn(schema, type, field);
      if (!rule) return [];
      const inner = `${field.name}${argumentsOf(field, getNamedType(field.type), samples)}${selectionOf(getNamedType(field.type))}`;
      return pathsTo(schema, type, id, databaseId, inner).map(([path, query, more]) => ({
        name: `${name}.${field.name} by ${path}`,
        query,
        needs: [...more, ...(rule === 'each node' ? [] : [rule])],
      }));
    });
  });
}

/** The rule that a field of a node has to have; undefined for a value of the node itself. */
export function ruledIn(
  schema: GraphQLSchema,
  parent: GraphQLObjectType,
  field: Field,
): Permission | 'each node' | undefined {
  const type = getNamedType(field.type);
  if (isLeafType(type) || !leadsToNodes(schema, type)) return undefined;
  return expectedRule(parent.name, field.name, type.name) ?? 'each node';
}

function leadsToNodes(schema: GraphQLSchema, type: GraphQLNamedType, seen = new Set<string>()): boolean {
  if (!('getFields' in type) || isInputObjectType(type) || seen.has(type.name)) return false;
  seen.add(type.name);
  if (type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node')) return true;
  return Object.values(type.getFields()).some(({ type: next }) => leadsToNodes(schema, getNamedType(next), seen));
}

function pathsTo(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  id: string,
  databaseId: string,
  inner: string,
): readonly (readonly [name: string, query: string, needs: readonly Permission[]])[] {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  const own = fields.find((field) => getNamedType(field.type) === type);
  const list = fields.find((field) => getNamedType(field.type).name === `${type.name}Connection`);
  const listed = list && expectedRule('Query', list.name, `${type.name}Connection`);
  const inLineage = type.getInterfaces().some(({ name }) => name === 'LineageNode');
  const fragment = `... on ${type.name} { ${inner} }`;
  return [
    ...(own ? [['its own field', `{ ${own.name}(databaseId: "${databaseId}") { ${inner} } }`, []] as const] : []),
    ...(list && listed ? [['its list', `{ ${list.name}(first: 1) { nodes { ${inner} } } }`, [listed]] as const] : []),
    ['its id', `{ node(id: "${id}") { ${fragment} } }`, []],
    ...(inLineage
      ? [
          [
            'a lineage',
            `{ lineage(of: ["${id}"], maxDepth: 0) { nodes { ${fragment} } } }`,
            [{ verb: 'get', resource: 'lineage' }],
          ] as const,
        ]
      : []),
  ];
}

function selectionOf(type: GraphQLNamedType): string {
  return isLeafType(type) ? '' : ' { __typename }';
}

function argumentsOf(field: Field, type: GraphQLNamedType, samples: SampleIds): string {
  const sample = samples.get(type.name);
  const byId = sample && field.args.find(({ name }) => name === 'databaseId');
  const values = byId
    ? [`databaseId: "${sample.databaseId}"`]
    : field.args.filter(isRequiredArgument).map((each) => `${each.name}: ${valueFor(each, samples)}`);
  return values.length > 0 ? `(${values.join(', ')})` : '';
}

/** What is right for its type, and names nothing that is there: no change comes of it. */
function valueFor({ name, type }: GraphQLArgument | GraphQLInputField, samples: SampleIds): string {
  if (['id', 'ids', 'of', 'from', 'to', 'a', 'b'].includes(name)) {
    const id = JSON.stringify(samples.get('Artifact')?.id);
    return isListType(getNullableType(type)) ? `[${id}]` : id;
  }
  return literalOf(type, samples);
}

function literalOf(type: GraphQLInputType, samples: SampleIds): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return '[]';
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? '';
  if (isInputObjectType(nullable)) {
    const required = Object.values(nullable.getFields()).filter(isRequiredInputField);
    return `{ ${required.map((each) => `${each.name}: ${literalOf(each.type, samples)}`).join(', ')} }`;
  }
  return { ID: '"99999999"', String: '""', Int: '1', Float: '1', Boolean: 'true' }[nullable.toString()] ?? '"1"';
}
