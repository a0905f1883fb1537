import { Kind, type OperationDefinitionNode, type ValueNode, visit } from 'graphql';

import { RegistryError } from '../errors.ts';
import type { Names } from './apis.ts';
import type { Body } from './body.ts';

/** What arguments and input fields of GraphQL are called by those who sent the request. */
export type RequestNames = ReadonlyMap<string, string>;

/** The names for an operation's arguments: of parameters, of members of the body, and of headers. */
export function toRequestNames(names: Names, operation: OperationDefinitionNode, body?: Body): RequestNames {
  const found = new Map<string, string>();
  for (const [field, json] of names.bodyFields) if (json !== undefined) found.set(field, json);
  const note = (name: string, value: ValueNode) => {
    // An object of a body stands for its members, which have names of their own.
    const variables = [...variablesIn(value)].filter((variable) => !isObjectOf(body, variable));
    if (variables.length > 0) found.set(name, variables.join("' or '"));
  };
  visit(operation, {
    enter(node) {
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) note(node.name.value, node.value);
    },
  });
  for (const { field, path, header } of body?.fills ?? []) {
    const from = path ?? header;
    if (from !== undefined) found.set(field, from);
  }
  return found;
}

function variablesIn(value: ValueNode): ReadonlySet<string> {
  const found = new Set<string>();
  visit(value, {
    enter(node) {
      if (node.kind === Kind.VARIABLE) found.add(node.name.value);
    },
  });
  return found;
}

function isObjectOf(body: Body | undefined, variable: string): boolean {
  return [...(body?.members.values() ?? [])].some(
    (member) => member.variable === variable && member.field !== undefined,
  );
}

/** The error with the name of the request for what it calls by GraphQL's; any other error as it is. */
export function inRequest(names: RequestNames, error: unknown): unknown {
  if (!(error instanceof RegistryError) || error.code !== 'INVALID_ARGUMENT') return error;
  const { argument } = error.place;
  if (argument === undefined) return error;
  const message = named(error.message, argument, names.get(argument) ?? argument);
  return new RegistryError(error.code, message, { ...error.place, cause: error.cause });
}

/** A message that calls an argument by this name, in place of GraphQL's or in front. */
function named(message: string, argument: string, name: string): string {
  const told = message.replaceAll(`'${argument}'`, `'${name}'`);
  return told.includes(`'${name}'`) || told.startsWith(`${name} `) ? told : `'${name}': ${told}`;
}
