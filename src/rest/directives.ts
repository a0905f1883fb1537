import { type DirectiveNode, GraphQLError, type GraphQLSchema, getArgumentValues } from 'graphql';

/** The arguments of a directive, read. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The arguments of a directive each time that it is given. A GraphQLError where they are not right. */
export function allOf(
  schema: GraphQLSchema,
  directives: readonly DirectiveNode[] | undefined,
  name: string,
): readonly Arguments[] {
  const definition = schema.getDirective(name);
  if (!definition) throw new GraphQLError(`There is no directive @${name}.`);
  return (directives ?? [])
    .filter((node) => node.name.value === name)
    .map((node) => getArgumentValues(definition, node));
}

/** The arguments of a directive, or undefined where it is not given. */
export function oneOf(
  schema: GraphQLSchema,
  directives: readonly DirectiveNode[] | undefined,
  name: string,
): Arguments | undefined {
  return allOf(schema, directives, name)[0];
}

/** A text among the arguments, or undefined. */
export function textIn(values: Arguments | undefined, name: string): string | undefined {
  const value = values?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list among the arguments. */
export function textsIn(values: Arguments | undefined, name: string): readonly string[] {
  const value = values?.[name];
  return Array.isArray(value) ? value.map(String) : [];
}
