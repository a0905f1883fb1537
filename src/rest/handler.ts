import type { DocumentNode, ExecutionResult } from 'graphql';

import { RegistryError } from '../errors.ts';
import type { Names } from './apis.ts';
import { type Input, toVariables } from './input.ts';
import type { RestOperation } from './operation.ts';
import { type RestAnswer, toAnswerer } from './output.ts';
import { type Json, parseJson } from './parse-json.ts';
import { pathParameters } from './path-parameters.ts';
import { inRequest } from './request-names.ts';

/** Runs an operation that was known before any request. */
export type Prepared<Context> = (
  variables: Readonly<Record<string, unknown>>,
  context: Context,
) => Promise<ExecutionResult>;

/** Makes an operation ready to run. */
export type Prepare<Context> = (document: DocumentNode) => Prepared<Context>;

/** Answers the requests of a route. */
export type Handle<Context> = (request: RestRequest, context: () => Context) => Promise<RestAnswer>;

/** A request, its body unread. */
export interface RestRequest extends Omit<Input, 'body'> {
  readonly bytes?: Uint8Array | undefined;
}

/** The handler of a route: of the one operation that it is, or of the case that the body names. */
export function createHandler<Context>(
  names: Names,
  cases: readonly RestOperation[],
  prepare: Prepare<Context>,
): Handle<Context> {
  const handlers = cases.map((operation) => [operation.constant, handlerOf(names, operation, prepare)] as const);
  const hasBody = cases.some(({ body }) => body !== undefined);
  return ({ bytes, ...input }, context) => {
    if (!hasBody) return firstOf(handlers)(input, context);
    const body = toObject(parseJson(bytes ?? new Uint8Array()));
    return chosen(handlers, body)({ ...input, body }, context);
  };
}

function toObject(json: Json): Readonly<Record<string, Json>> {
  if (json === null) return {};
  if (typeof json === 'object' && !Array.isArray(json)) return json as Readonly<Record<string, Json>>;
  throw new RegistryError('INVALID_ARGUMENT', 'The body has to be a JSON object.');
}

type HandleCase<Context> = (input: Input, context: () => Context) => Promise<RestAnswer>;
type Cases<Context> = readonly (readonly [RestOperation['constant'], HandleCase<Context>])[];

/** A route of one case takes the value for granted where it is absent. */
function chosen<Context>(handlers: Cases<Context>, body: Readonly<Record<string, Json>>): HandleCase<Context> {
  const [constant] = handlers[0] ?? [];
  if (!constant) return firstOf(handlers);
  const value = body[constant.name] ?? (handlers.length === 1 ? constant.value : undefined);
  const found = handlers.find(([each]) => each?.value === value);
  if (found) return found[1];
  const all = new Intl.ListFormat('en', { type: 'disjunction' }).format(handlers.map(([each]) => each?.value ?? ''));
  throw new RegistryError('INVALID_ARGUMENT', `'${constant.name}' has to be ${all}.`, { argument: constant.name });
}

function firstOf<Context>(handlers: Cases<Context>): HandleCase<Context> {
  const [first] = handlers;
  if (first) return first[1];
  throw new TypeError('A route has at least one operation.');
}

function handlerOf<Context>(names: Names, operation: RestOperation, prepare: Prepare<Context>): HandleCase<Context> {
  const run = prepare(operation.document);
  const isOther = operation.mistaken && prepare(operation.mistaken);
  const toAnswer = toAnswerer(operation);
  const [idName] = pathParameters(operation.path);
  return async (input, context) => {
    const variables = toVariables(names, operation, input);
    const id = idName === undefined ? undefined : input.path[idName];
    const asked = { id, pageSize: Number(input.query.get('pageSize') ?? 0), variables };
    const made = context();
    try {
      return toAnswer(await run(variables, made), asked);
    } catch (error) {
      if (id === undefined || !isOther || !ofPath(operation, error)) throw inRequest(operation.requestNames, error);
      const { data } = await isOther({ id }, made);
      const found = Object.values(data ?? {}).some((each) => each !== null);
      if (!found) throw error;
      throw new RegistryError(
        'INVALID_ARGUMENT',
        `The id ${id} names no ${nounOfPath(operation)}, but something else.`,
      );
    }
  };
}

/** What the id in the path names: of `/models/{id}` the answer, of `/models/{id}/versions` a model. */
function nounOfPath({ path, answer }: RestOperation): string {
  const [owner] = /[\w-]+(?=s\/\{\w+\}\/)/.exec(path) ?? [];
  return owner?.replaceAll(/[_-]/g, ' ') ?? answer.noun;
}

/** True where it is the object in the path that was not found. */
function ofPath({ body, parameters }: RestOperation, error: unknown): boolean {
  if (!(error instanceof RegistryError) || error.code !== 'NOT_FOUND') return false;
  const { argument } = error.place;
  if (argument === undefined) return true;
  const filled = body?.fills.some(({ field, path }) => path !== undefined && field === argument);
  return filled === true || (argument === 'parentId' && parameters.some((each) => each.in === 'path'));
}
