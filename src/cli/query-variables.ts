import { type DocumentNode, GraphQLError, Kind, parse, type TypeNode } from 'graphql';

import { wrongUsage } from './cli-error.ts';

/** Types whose values are written as JSON: numbers, truth, lists and inputs. All other types of one word are texts. */
const JSON_TYPES = /^(Int|Float|Boolean|JSON|\w*(Input|Filter|Where|Order))$/;

/**
 * The values of the variables that a document declares: a text as it is given where the type is one (String, ID, Int64,
 * an enum), else JSON. Throws a CliError for what is no document, or no variable of it.
 */
export function toVariables(source: string, pairs: readonly (readonly [string, string])[]): Record<string, unknown> {
  const types = declared(read(source));
  return Object.fromEntries(
    pairs.map(([name, value]) => {
      const type = types.get(name);
      if (!type) throw wrongUsage(`The document declares no variable $${name}.`);
      return [name, isText(type) ? value : fromJson(name, value)];
    }),
  );
}

function read(source: string): DocumentNode {
  try {
    return parse(source);
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    const [place] = cause.locations ?? [];
    const where = place ? ` (line ${place.line}, column ${place.column})` : '';
    throw wrongUsage(
      `The document is not GraphQL: ${cause.message.replace(/^Syntax Error: /, '').replace(/\.$/, '')}${where}.`,
    );
  }
}

function declared({ definitions }: DocumentNode): ReadonlyMap<string, TypeNode> {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const variables = operations.flatMap(({ variableDefinitions = [] }) => variableDefinitions);
  return new Map(variables.map(({ variable, type }) => [variable.name.value, type]));
}

function isText(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isText(type.type);
  return type.kind === Kind.NAMED_TYPE && !JSON_TYPES.test(type.name.value);
}

function fromJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw wrongUsage(`The value of $${name} has to be JSON, by the type that the document gives it.`, cause);
  }
}
