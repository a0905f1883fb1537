import {
  GraphQLError,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isNonNullType,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

import type { Api } from './apis.ts';
import { type Arguments, allOf, textIn, textsIn } from './directives.ts';
import { variableType } from './parameters.ts';
import { descriptionsOf } from './uses.ts';

/** What a body may have. */
export interface Body {
  /** The component in OpenAPI. */
  readonly component: string;
  readonly members: ReadonlyMap<string, BodyMember>;
  /** Members that are known and say nothing. */
  readonly ignores: readonly string[];
  /** Members that are known and may only be null. */
  readonly refuses: readonly string[];
  readonly fills: readonly Fill[];
  /** True where members that are not known are no mistake. */
  readonly lenient: boolean;
  readonly example?: string;
  /** The component of all cases of the route together. */
  readonly union?: string;
}

/** A member of a body. */
export interface BodyMember {
  readonly variable: string;
  /** The field of the variable's input object; undefined where the member is the variable itself. */
  readonly field?: string;
  /** Without its non-null mark. */
  readonly type: GraphQLInputType;
  readonly required: boolean;
  readonly description?: string | undefined;
}

/** A field of a variable's input object that does not come from the body. */
export interface Fill {
  readonly variable: string;
  readonly field: string;
  readonly type: GraphQLInputType;
  /** The parameter of the path, */
  readonly path?: string;
  /** or the header, */
  readonly header?: string;
  /** or, for where the body says nothing, the value as JSON. */
  readonly value?: string;
  readonly description?: string | undefined;
}

/** The body of an operation, if it has one. */
export function toBody(api: Api, operation: OperationDefinitionNode, rest: Arguments): Body | undefined {
  const definitions = (operation.variableDefinitions ?? []).filter(({ directives }) =>
    directives?.some(({ name }) => name.value === 'body'),
  );
  const component = textIn(rest, 'body');
  if (definitions.length === 0) return undefined;
  if (component === undefined)
    throw new GraphQLError("@rest needs 'body', the name of the body.", { nodes: operation });
  const descriptions = descriptionsOf(api, operation);
  const fills = definitions.flatMap((definition) => toFills(api, definition));
  const [example, union] = [textIn(rest, 'example'), textIn(rest, 'union')];
  return {
    component,
    members: new Map(definitions.flatMap((definition) => toMembers(api, definition, fills, descriptions))),
    ignores: textsIn(rest, 'ignores'),
    refuses: textsIn(rest, 'refuses'),
    fills,
    lenient: rest['lenient'] === true,
    ...(example !== undefined && { example }),
    ...(union !== undefined && { union }),
  };
}

function toMembers(
  api: Api,
  definition: VariableDefinitionNode,
  fills: readonly Fill[],
  descriptions: ReadonlyMap<string, string>,
): [string, BodyMember][] {
  const variable = definition.variable.name.value;
  const type = variableType(api, definition);
  const input = getNullableType(type);
  if (!isInputObjectType(input)) {
    const required = isNonNullType(type) && !definition.defaultValue;
    return [[variable, { variable, type: input, required, description: descriptions.get(variable) }]];
  }
  const kept = inBody(api, definition);
  return Object.values(input.getFields()).flatMap(({ name, type: of, defaultValue, description }) => {
    const filled = fills.some((fill) => fill.field === name && fill.value === undefined);
    const json = api.names.bodyFields.has(name) ? api.names.bodyFields.get(name) : name;
    if (json === undefined || (filled && !kept.has(name))) return [];
    const required = isNonNullType(of) && defaultValue === undefined;
    return [
      [json, { variable, field: name, type: getNullableType(of), required, description: description ?? undefined }],
    ];
  });
}

function toFills(api: Api, definition: VariableDefinitionNode): Fill[] {
  const variable = definition.variable.name.value;
  const type = getNullableType(variableType(api, definition));
  return allOf(api.schema, definition.directives, 'fill').map((fill) => {
    const field = isInputObjectType(type) ? type.getFields()[String(fill['field'])] : undefined;
    if (!field) throw new GraphQLError(`There is no field '${fill['field']}' to fill.`, { nodes: definition });
    const from = { path: textIn(fill, 'path'), header: textIn(fill, 'header'), value: textIn(fill, 'value') };
    return {
      variable,
      field: field.name,
      type: getNullableType(field.type),
      description: field.description ?? undefined,
      ...Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)),
    };
  });
}

/** The fields that are filled and are members of the body as well. */
function inBody(api: Api, definition: VariableDefinitionNode): ReadonlySet<unknown> {
  const fills = allOf(api.schema, definition.directives, 'fill').filter((fill) => fill['inBody'] === true);
  return new Set(fills.map((fill) => fill['field']));
}
