import type { Api } from './apis.ts';
import { errorSchema } from './error-schema.ts';
import { bodySchema } from './openapi-body.ts';
import { type Components, createComponents } from './openapi-components.ts';
import { parametersOf } from './openapi-parameters.ts';
import { constantsOf, discriminator, METADATA_VALUES, shapeSchema } from './openapi-shapes.ts';
import type { RestOperation } from './operation.ts';
import { pathParameters } from './path-parameters.ts';

/** Names the rights that an operation needs, e.g. `list modelversions`. */
type RightsOf = (operation: RestOperation) => readonly string[];

/** The OpenAPI 3 document of an API: all that its operations say. */
export function toOpenApi(api: Api, operations: readonly RestOperation[], rightsOf: RightsOf): object {
  const components = createComponents();
  const paths: Record<string, Record<string, object>> = {};
  for (const cases of Map.groupBy(operations, ({ method, path }) => `${method} ${path}`).values()) {
    const [first, ...others] = cases;
    if (!first) continue;
    const path = `${api.base}${first.path}`;
    paths[path] = {
      ...paths[path],
      [first.method.toLowerCase()]: toOperationObject(api, [first, ...others], components, rightsOf),
    };
  }
  components.add('Error', errorSchema(api.base));
  for (const [name, schema] of Object.entries(METADATA_VALUES)) components.add(name, schema);
  return {
    openapi: '3.0.3',
    info: { title: api.title, description: api.description, version: api.name, license: LICENSE },
    // Whether a token is needed is the gateway's setting.
    security: [{ Bearer: [] }, {}],
    paths,
    components: {
      schemas: components.sorted(),
      responses: ERROR_RESPONSES,
      securitySchemes: { Bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const LICENSE = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' };

function toOperationObject(
  api: Api,
  cases: readonly [RestOperation, ...RestOperation[]],
  components: Components,
  rightsOf: RightsOf,
): object {
  const [first] = cases;
  const body = bodySchema(api, cases, components);
  const [summary = ''] = first.description.split(/(?<=\.)\s/);
  return {
    operationId: first.id,
    summary: summary.replace(/\.$/, ''),
    description: first.description,
    tags: [tagOf(first.path)],
    'x-modelgraph-rights': [...new Set(cases.flatMap(rightsOf))],
    parameters: parametersOf(api, first),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: responsesOf(cases, first, components),
  };
}

/** `/registered_models/{id}/versions` -> `registered models`. */
function tagOf(path: string): string {
  const [, first = ''] = path.split('/');
  const noun = first.replaceAll('_', ' ');
  return noun.endsWith('s') ? noun : `${noun}s`;
}

function responsesOf(cases: readonly RestOperation[], first: RestOperation, components: Components): object {
  const schema = answerSchema(cases, components);
  const headers = { ETag: { description: 'The version of what is answered.', schema: { type: 'string' } } };
  const success = { description: 'What was asked for.', headers, content: { 'application/json': { schema } } };
  const statuses = new Set(cases.flatMap(({ status, answer }) => (answer.created ? [status, 201] : [status])));
  return {
    ...Object.fromEntries([...statuses].sort().map((status) => [status, success])),
    ...(first.method === 'GET' && { 304: { description: 'The client has it already, as If-None-Match says.' } }),
    ...Object.fromEntries(errorsOf(cases, first).map((status) => [status, ref(status)])),
  };
}

/** Where the cases answer with different components, one of them; a case that may answer any says so for all. */
function answerSchema(cases: readonly RestOperation[], components: Components): object {
  const shapes = cases.map(({ answer }) => answer.shape);
  const schemas = shapes.map((shape) => shapeSchema(shape, components));
  const any = schemas[shapes.findIndex(({ is }) => is === 'union')];
  const [first = {}, ...others] = schemas;
  if (any || others.length === 0) return any ?? first;
  const constants = shapes.map((shape) => (shape.is === 'object' ? constantsOf(shape) : new Map()));
  return { oneOf: schemas, ...discriminator(constants, schemas) };
}

/** The statuses of failures that can occur. */
function errorsOf(cases: readonly RestOperation[], { method, path, answer }: RestOperation): number[] {
  const bodies = cases.flatMap(({ body }) => (body ? [body] : []));
  const named = pathParameters(path).length > 0 || bodies.some(hasIds);
  const is = {
    404: answer.shape.is !== 'page' && (method === 'GET' || named),
    409: bodies.length > 0,
    412: bodies.some(({ fills }) => fills.some(({ header }) => header !== undefined)),
    413: bodies.length > 0,
    422: bodies.some(({ members }) => [...members.values()].some(({ required }) => required)),
  };
  const some = Object.entries(is).flatMap(([status, can]) => (can ? [Number(status)] : []));
  return [400, 401, 403, ...some, 429, 500, 503, 504];
}

function hasIds({ members }: NonNullable<RestOperation['body']>): boolean {
  return [...members.values()].some(({ type }) => String(type) === 'ID');
}

const ERRORS: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BadRequest', 'Something in the request is not right; the message says what.'],
  401: ['Unauthorized', 'It is not known who asks: a token is missing or not valid here.'],
  403: ['Forbidden', 'The caller may not do that, or a page of another origin made a browser send this request.'],
  404: ['NotFound', 'There is no such thing.'],
  409: ['Conflict', 'The name or the external id is taken.'],
  412: ['PreconditionFailed', 'It was changed since: its ETag is another one than If-Match has.'],
  413: ['ContentTooLarge', 'The body has more than 1 MiB.'],
  422: ['UnprocessableEntity', 'A required member is missing, null or empty.'],
  429: ['TooManyRequests', 'Too many requests; `Retry-After` says when to come again.'],
  500: ['InternalServerError', 'Something failed that is nobody’s mistake.'],
  503: ['ServiceUnavailable', 'The store cannot be reached, or takes no writes.'],
  504: ['GatewayTimeout', 'It took too long.'],
};

const ERROR_RESPONSES = Object.fromEntries(
  Object.values(ERRORS).map(([name, description]) => [
    name,
    { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
  ]),
);

function ref(status: number): object {
  return { $ref: `#/components/responses/${ERRORS[status]?.[0]}` };
}
