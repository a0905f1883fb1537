import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  extendSchema,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isExecutableDefinitionNode,
  Kind,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  parse,
  Source,
  specifiedRules,
  validate,
  visit,
} from 'graphql';

import { RegistryError } from '../errors.ts';
import { allOf, oneOf } from './directives.ts';

/** The operations of one API, valid for the schema. */
export interface Api {
  readonly name: string;
  /** What all of its paths begin with, e.g. `/api/model_registry/v1`. */
  readonly base: string;
  readonly title: string;
  readonly description: string;
  /** The schema with the directives of routes. */
  readonly schema: GraphQLSchema;
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly names: Names;
}

/** What things of the schema are called in JSON. */
export interface Names {
  /** By the name of the input field; undefined for one that is in no body. */
  readonly bodyFields: ReadonlyMap<string, string | undefined>;
  /** Input fields for which an empty text is null. */
  readonly emptyIsNull: ReadonlySet<string>;
  /** What the texts of input fields match, by the field's name. */
  readonly patterns: ReadonlyMap<string, string>;
  /** By `Enum.VALUE`. */
  readonly enumValues: ReadonlyMap<string, string>;
}

const DIRECTIVES = new URL('../../schema/rest/directives.graphql', import.meta.url);

/** Unused fragments are no mistake: another API of the folder may be the one that uses them. */
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);

/** The APIs of a folder of documents. INVALID_ARGUMENT, with file and line, where they do not fit the schema. */
export function readApis(schema: GraphQLSchema, folder: string): Api[] {
  const extended = extendSchema(schema, parse(readFileSync(DIRECTIVES, 'utf8')));
  try {
    const definitions = readDefinitions(folder);
    const extensions = definitions.filter((each) => each.kind === Kind.SCHEMA_EXTENSION);
    const directives = extensions.flatMap((each) => each.directives ?? []);
    const names = toNames(extended, directives);
    const apis = allOf(extended, directives, 'api');
    const [wrong] = apis.filter(({ base }) => !/^\/api(\/[\w.-]+)+$/.test(String(base)));
    if (wrong) throw new GraphQLError(`The base '${wrong['base']}' has to be as '/api/mine/v1'.`);
    if (apis.length === 0) throw new GraphQLError(`There is no 'extend schema @api(…)' in ${folder}.`);
    return apis.map((api) => ({
      name: String(api['name']),
      base: String(api['base']),
      title: String(api['title']),
      description: String(api['description']),
      schema: extended,
      names,
      ...valid(extended, only(extended, definitions, String(api['name']))),
    }));
  } catch (error) {
    throw error instanceof GraphQLError ? misfit(error) : error;
  }
}

/** An error in a document, with its place. */
export function misfit(error: GraphQLError): RegistryError {
  const { source, locations } = error;
  const place = source && locations?.[0] ? `${source.name}:${locations[0].line}: ` : '';
  return new RegistryError('INVALID_ARGUMENT', `${place}${error.message}`, { cause: error });
}

function readDefinitions(folder: string): readonly DefinitionNode[] {
  const files = filesIn(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort();
  return files.flatMap((file) => {
    const path = join(folder, file);
    return parse(new Source(readFileSync(path, 'utf8'), path)).definitions;
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new RegistryError('INVALID_ARGUMENT', `The folder ${folder} cannot be read; name one with documents.`, {
      cause,
    });
  }
}

function toNames(schema: GraphQLSchema, directives: readonly DirectiveNode[]): Names {
  const fields = allOf(schema, directives, 'bodyField');
  const values = allOf(schema, directives, 'enumValue');
  return {
    bodyFields: new Map(
      fields.map(({ name, as }) => [String(name), as === undefined || as === null ? undefined : String(as)]),
    ),
    emptyIsNull: new Set(fields.flatMap(({ name, emptyIsNull }) => (emptyIsNull === true ? [String(name)] : []))),
    patterns: new Map(
      fields.flatMap(({ name, pattern }) => (typeof pattern === 'string' ? [[String(name), pattern]] : [])),
    ),
    enumValues: new Map(values.map((each) => [`${each['enum']}.${each['value']}`, String(each['as'])])),
  };
}

/** What is there in the API of this name. */
function only(schema: GraphQLSchema, definitions: readonly DefinitionNode[], api: string): DocumentNode {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: definitions.filter(isExecutableDefinitionNode) };
  return visit(document, {
    enter(node) {
      if (!('directives' in node)) return undefined;
      const names = oneOf(schema, node.directives as readonly DirectiveNode[] | undefined, 'only')?.['in'];
      return Array.isArray(names) && !names.includes(api) ? null : undefined;
    },
  });
}

function valid(schema: GraphQLSchema, document: DocumentNode): Pick<Api, 'operations' | 'fragments'> {
  const [error] = validate(schema, document, RULES);
  if (error) throw error;
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return {
    operations: document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION),
    fragments: new Map(fragments.map((each) => [each.name.value, each])),
  };
}
