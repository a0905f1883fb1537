import type { PluginFunction } from '@graphql-codegen/plugin-helpers';
import {
  concatAST,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

/**
 * A plugin of graphql-codegen, after typescript-operations: each operation as a typed constant with its whole text,
 * `XDocument` for the operation `X`. Constants of plain texts, so that a bundler drops those that nobody uses.
 */
export const plugin: PluginFunction = (_schema, documents) => {
  const all = concatAST(documents.flatMap(({ document }) => document ?? []));
  const fragments = new Map(
    all.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION).map((each) => [each.name.value, each]),
  );
  const constants = all.definitions
    .filter((each) => each.kind === Kind.OPERATION_DEFINITION)
    .map((definition) => {
      const name = definition.name?.value;
      if (name === undefined) throw new Error('An operation of the client has no name.');
      const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition] };
      const whole = { ...document, definitions: [definition, ...spreadIn(document, fragments)] };
      const [data, variables] = typeNames(name, definition.operation);
      return `/** The ${definition.operation} \`${name}\`. */
export const ${name}Document = ${JSON.stringify(stripIgnoredCharacters(print(whole)))} as TypedDocument<${data}, ${variables}>;`;
    });
  return {
    prepend: ["import type { TypedDocument } from '../client/typed-document.ts';"],
    content: constants.join('\n\n'),
  };
};

/** The fragments that a document spreads, and those that they spread. */
function spreadIn(document: DocumentNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const found = new Set<FragmentDefinitionNode>();
  const follow = (node: DocumentNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || found.has(fragment)) return;
        found.add(fragment);
        follow(fragment);
      },
    });
  follow(document);
  return found;
}

/** As typescript-operations names the types of an operation. */
function typeNames(name: string, operation: string): [string, string] {
  const base = `${name}${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  return [base, `${base}Variables`];
}
