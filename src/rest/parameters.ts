import {
  GraphQLError,
  type GraphQLInputType,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

import type { Api } from './apis.ts';
import { oneOf, textIn } from './directives.ts';
import { descriptionsOf } from './uses.ts';

/** A parameter of the path or the query. */
export interface Parameter {
  /** The same in requests and as a variable. */
  readonly name: string;
  readonly in: 'path' | 'query';
  /** Without its non-null mark. */
  readonly type: GraphQLInputType;
  readonly required: boolean;
  readonly description?: string | undefined;
  /** The format of its texts in OpenAPI. */
  readonly format?: string;
  /** Smaller numbers are a mistake. */
  readonly min?: number;
  /** Larger numbers are as this one. */
  readonly max?: number;
  /** Without that other parameter it is as absent. */
  readonly needs?: string;
  /** Where it is absent, or no value of its type; as it is written in requests. */
  readonly otherwise?: string;
}

/** The parameters of an operation, those of the path first. */
export function toParameters(api: Api, operation: OperationDefinitionNode, path: string): Parameter[] {
  const descriptions = descriptionsOf(api, operation);
  return (operation.variableDefinitions ?? [])
    .filter(({ directives }) => !directives?.some(({ name }) => name.value === 'body'))
    .map((definition) => toParameter(api, definition, path, descriptions))
    .sort((a, b) => Number(a.in === 'query') - Number(b.in === 'query'));
}

function toParameter(
  api: Api,
  definition: VariableDefinitionNode,
  path: string,
  descriptions: ReadonlyMap<string, string>,
): Parameter {
  const name = definition.variable.name.value;
  const type = variableType(api, definition);
  const param = oneOf(api.schema, definition.directives, 'param');
  const [needs, otherwise, format] = ['needs', 'otherwise', 'format'].map((each) => textIn(param, each));
  const { min, max } = param ?? {};
  return {
    name,
    in: path.includes(`{${name}}`) ? 'path' : 'query',
    type: isNonNullType(type) ? type.ofType : type,
    required: isNonNullType(type) && !definition.defaultValue,
    description: descriptions.get(name),
    ...(typeof min === 'number' && { min }),
    ...(typeof max === 'number' && { max }),
    ...(format !== undefined && { format }),
    ...(needs !== undefined && { needs }),
    ...(otherwise !== undefined && { otherwise }),
  };
}

/** The type of a variable. */
export function variableType(api: Api, definition: VariableDefinitionNode): GraphQLInputType {
  const type = typeFromAST(api.schema, definition.type);
  if (isInputType(type)) return type;
  throw new GraphQLError('The variable needs a type of input.', { nodes: definition });
}
