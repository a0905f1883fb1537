import { GraphQLError, type OperationDefinitionNode } from 'graphql';

import { isJson } from './is-json.ts';
import type { RestOperation } from './operation.ts';
import { pathParameters } from './path-parameters.ts';

/** Operations share a route only as its cases, which a member of the body tells apart. A GraphQLError where two do not. */
export function refuseTwins(
  routes: readonly { definition: OperationDefinitionNode; operation: RestOperation }[],
): void {
  const known = new Set<string>();
  for (const { definition, operation } of routes) {
    const { method, path, constant } = operation;
    const route = `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
    const key = `${route} ${constant?.name}=${constant?.value}`;
    const isTwin = known.has(key) || (known.has(route) && !constant);
    if (isTwin) throw new GraphQLError(`Another operation is at ${method} ${path} already.`, { nodes: definition });
    known.add(key).add(route);
  }
}

/** A GraphQLError for what GraphQL's own rules do not see. */
export function refuseMisfits(
  { method, path, parameters, first, body }: RestOperation,
  definition: OperationDefinitionNode,
): void {
  const problem = (message: string) => new GraphQLError(message, { nodes: definition });
  if (!/^(\/([\w-]+|\{\w+\}))+$/.test(path)) throw problem(`'${path}' is no path; one is as '/models/{id}'.`);
  if (method === 'GET' && definition.operation !== 'query') throw problem('A GET may change nothing.');
  if (method === 'GET' && body) throw problem('A GET has no body.');
  const filled = body?.fills.flatMap(({ path: name }) => (name === undefined ? [] : [name])) ?? [];
  const known = new Set([...parameters.map(({ name }) => name), ...filled]);
  const named = [...first.flat(), ...parameters.flatMap(({ needs }) => needs ?? [])];
  for (const name of named) {
    if (!known.has(name)) throw problem(`There is no parameter '${name}'.`);
  }
  const texts = [body?.example, ...(body?.fills.map(({ value }) => value) ?? [])];
  for (const text of texts) {
    if (text !== undefined && !isJson(text)) throw problem(`This is no JSON: ${text.trim().slice(0, 100)}`);
  }
  for (const name of pathParameters(path)) {
    if (!known.has(name)) throw problem(`Nothing takes the parameter {${name}} of the path.`);
  }
}
