/** How the text of an answer begins that has nothing but errors. */
const ERRORS_ONLY = '{"errors":[';

/** And that of the one that Apollo gives with the status 200, as clients of persisted queries send the text then. */
const NOT_SUPPORTED = '{"errors":[{"message":"PersistedQueryNotSupported"';

/**
 * The answer to a request that was refused, each error with what every error has: Apollo's own are made where nobody knows
 * of the request. Any other payload as it is.
 */
export function completeErrors(payload: unknown, status: number, requestId: string): unknown {
  if (typeof payload !== 'string' || !payload.startsWith(status < 400 ? NOT_SUPPORTED : ERRORS_ONLY)) return payload;
  const { errors, ...rest }: Answer = JSON.parse(payload);
  const always = { retryable: false, requestId };
  return JSON.stringify({
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, ...without(always, error) } })),
    ...rest,
  });
}

interface Answer {
  readonly errors: readonly AnsweredError[];
}

interface AnsweredError {
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What the error has itself stays so. */
function without(always: Readonly<Record<string, unknown>>, { extensions = {} }: AnsweredError) {
  return Object.fromEntries(Object.entries(always).filter(([name]) => !(name in extensions)));
}
