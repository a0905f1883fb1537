import { type GraphQLErrorAnswer, ModelGraphError } from './error.ts';
import { noteRetryAfter } from './retry.ts';

/** What an answer without errors of GraphQL in it means, by its HTTP status. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'RATE_LIMITED',
  502: 'UNREACHABLE',
  503: 'BACKEND_UNAVAILABLE',
  504: 'UNREACHABLE',
};

/** The data of an answer whose body has been read. Throws a ModelGraphError where it has errors or is no answer. */
export function readAnswer(response: Response, text: string, url: string): unknown {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const { data, errors } = parse(text);
  if (errors === undefined && response.ok && isObject(data)) {
    if (requestId !== undefined) requestIds.set(data, requestId);
    return data;
  }
  throw noteRetryAfter(
    errors ? failed(errors, response.status, requestId) : strange(response, url, requestId),
    response.headers.get('retry-after'),
  );
}

const requestIds = new WeakMap<object, string>();

/** The id of the request that gave this data. */
export function requestIdOf(data: object): string | undefined {
  return requestIds.get(data);
}

function failed(
  errors: readonly [GraphQLErrorAnswer, ...GraphQLErrorAnswer[]],
  status: number,
  requestId: string | undefined,
): ModelGraphError {
  const [first, ...others] = errors;
  const told = first.extensions?.['code'];
  const more = others.length === 0 ? '' : ` (and ${others.length} more: see \`errors\`)`;
  return new ModelGraphError(`${first.message}${more}`, {
    code: typeof told === 'string' ? told : (CODE_OF_STATUS[status] ?? 'PROTOCOL'),
    requestId,
    errors,
  });
}

/** The error for what ModelGraph does not answer, but a proxy may. */
function strange({ status, type, ok }: Response, url: string, requestId: string | undefined): ModelGraphError {
  const isRedirect = type === 'opaqueredirect' || (status >= 300 && status < 400);
  if (isRedirect) return protocol(`${url} redirects to another address: use that one.`, requestId);
  const code = ok ? undefined : CODE_OF_STATUS[status];
  if (code === undefined)
    return protocol(`${url} answers with status ${status}, but not as ModelGraph does.`, requestId);
  return new ModelGraphError(`${url} answers with status ${status}.`, { code, requestId });
}

function protocol(message: string, requestId: string | undefined): ModelGraphError {
  return new ModelGraphError(message, { code: 'PROTOCOL', requestId });
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly [GraphQLErrorAnswer, ...GraphQLErrorAnswer[]] | undefined;
}

/** As much of the answer as is GraphQL's. */
function parse(text: string): Answer {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return {};
    const errors = Array.isArray(value['errors']) ? value['errors'].filter(isError) : [];
    const [first, ...others] = errors;
    return { data: value['data'], errors: first && [first, ...others] };
  } catch {
    return {};
  }
}

function isError(value: unknown): value is GraphQLErrorAnswer {
  return isObject(value) && typeof value['message'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
