import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

import { type Api, misfit } from './apis.ts';
import { type Body, toBody } from './body.ts';
import { type Arguments, oneOf, textIn, textsIn } from './directives.ts';
import { refuseMisfits, refuseTwins } from './misfits.ts';
import { type Parameter, toParameters } from './parameters.ts';
import { toPlain } from './plain.ts';
import { type RequestNames, toRequestNames } from './request-names.ts';
import { type Shape, toShape } from './shape.ts';

/** An operation as a route, or as one case of a route. */
export interface RestOperation {
  /** The operation id in OpenAPI, which the cases of a route share. */
  readonly id: string;
  readonly method: string;
  /** Below the API's base, with parameters as `{name}`. */
  readonly path: string;
  readonly status: number;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** Sets of parameters, of which the first that is given whole counts. */
  readonly first: readonly (readonly string[])[];
  readonly body?: Body;
  /** What errors are to call GraphQL's arguments. */
  readonly requestNames: RequestNames;
  readonly answer: Answer;
  /** The member of the body by which the cases of a route are told apart, and the value of this one. */
  readonly constant?: { readonly name: string; readonly value: string };
  /** Why a body that is well is refused all the same. */
  readonly refused?: string;
  /** To be run with the operation's first path parameter, where the answer is not found. */
  readonly mistaken?: DocumentNode;
  /** The operation as GraphQL, without our directives. */
  readonly document: DocumentNode;
}

/** Where the answer stands in the result, and how it is written. */
export interface Answer {
  /** The keys from the root of the result to the answer. */
  readonly path: readonly string[];
  /** The key of a payload's boolean for which the status is 201. */
  readonly created?: string;
  readonly shape: Shape;
  /** What is answered, in a sentence, e.g. `model version`. */
  readonly noun: string;
}

/** The operations of an API that are routes. INVALID_ARGUMENT, with file and line, for one that cannot be. */
export function toOperations(api: Api): RestOperation[] {
  try {
    const routes = api.operations.flatMap((definition) => {
      const rest = oneOf(api.schema, definition.directives, 'rest');
      return rest ? [{ definition, operation: toOperation(api, definition, rest) }] : [];
    });
    refuseTwins(routes);
    return routes.map(({ operation }) => operation);
  } catch (error) {
    throw error instanceof GraphQLError ? misfit(error) : error;
  }
}

function toOperation(api: Api, definition: OperationDefinitionNode, rest: Arguments): RestOperation {
  const name = definition.name?.value;
  if (name === undefined) throw new GraphQLError('A route needs a name.', { nodes: definition });
  const constant = oneOf(api.schema, definition.directives, 'constant');
  const first = oneOf(api.schema, definition.directives, 'first')?.['of'];
  const body = toBody(api, definition, rest);
  const refused = textIn(rest, 'refused');
  const mistaken = textIn(rest, 'mistaken');
  const operation: RestOperation = {
    id: textIn(rest, 'id') ?? name,
    method: String(rest['method']),
    path: String(rest['path']),
    status: Number(rest['status']),
    description: definition.description?.value ?? '',
    parameters: toParameters(api, definition, String(rest['path'])),
    first: Array.isArray(first) ? first.map((set) => textsIn({ set }, 'set')) : [],
    ...(body && { body }),
    requestNames: toRequestNames(api.names, definition, body),
    answer: toAnswer(api, definition),
    ...(constant && { constant: { name: String(constant['name']), value: String(constant['value']) } }),
    ...(refused !== undefined && { refused }),
    ...(mistaken !== undefined && { mistaken: toPlain(api, findOperation(api, mistaken, definition)) }),
    document: toPlain(api, definition),
  };
  refuseMisfits(operation, definition);
  return operation;
}

function findOperation(api: Api, name: string, at: OperationDefinitionNode): OperationDefinitionNode {
  const found = api.operations.find((each) => each.name?.value === name);
  if (found) return found;
  throw new GraphQLError(`There is no operation '${name}'.`, { nodes: at });
}

/** What of a payload is not its object. */
const ABOUT: ReadonlySet<string> = new Set(['userErrors', 'warnings', 'conditional', 'created']);

function toAnswer(api: Api, definition: OperationDefinitionNode): Answer {
  let parent = api.schema.getRootType(definition.operation);
  let selection = definition.selectionSet;
  const path: string[] = [];
  for (;;) {
    const field = answerIn(selection);
    const type = parent?.getFields()[field.name.value]?.type;
    if (!type) throw new GraphQLError('The answer has to be a field.', { nodes: field });
    path.push(field.alias?.value ?? field.name.value);
    const named = getNamedType(type);
    const goesOn = isObjectType(named) && (isPayload(named) || hasAnswer(field));
    if (!goesOn || !field.selectionSet) {
      const created = path.length > 1 ? createdIn(selection) : undefined;
      const shape = toShape(api, type, field.selectionSet);
      return { path, shape, noun: toNoun(named.name), ...(created !== undefined && { created }) };
    }
    parent = named;
    selection = field.selectionSet;
  }
}

function isPayload(type: { getInterfaces(): readonly { name: string }[] }): boolean {
  return type.getInterfaces().some(({ name }) => name === 'MutationPayload');
}

function answerIn({ selections }: FieldNode['selectionSet'] & object): FieldNode {
  const fields = selections.filter((each) => each.kind === Kind.FIELD && !ABOUT.has(each.name.value));
  const field = fields.find(isAnswer) ?? fields[0];
  if (field?.kind === Kind.FIELD) return field;
  throw new GraphQLError('A field of its own is needed as the answer.', selections[0] ? { nodes: selections[0] } : {});
}

function isAnswer(node: { readonly directives?: FieldNode['directives'] }): boolean {
  return node.directives?.some(({ name }) => name.value === 'answer') ?? false;
}

function hasAnswer({ selectionSet }: FieldNode): boolean {
  return (
    selectionSet?.selections.some((each) => isAnswer(each) || (each.kind === Kind.FIELD && hasAnswer(each))) ?? false
  );
}

function createdIn({ selections }: FieldNode['selectionSet'] & object): string | undefined {
  const found = selections.find((each) => each.directives?.some(({ name }) => name.value === 'created'));
  return found?.kind === Kind.FIELD ? (found.alias?.value ?? found.name.value) : undefined;
}

/** `ModelVersionConnection` -> `model version`. */
function toNoun(type: string): string {
  return type
    .replace(/Connection$/, '')
    .replaceAll(/(?<=[a-z])[A-Z]/g, ' $&')
    .toLowerCase();
}
