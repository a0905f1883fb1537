/** An error of GraphQL as the gateway answers it. */
export interface GraphQLErrorAnswer {
  readonly message: string;
  /** Where in the answer it happened, from the outside in. */
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What a {@link ModelGraphError} tells beside its message. */
export interface ErrorDetails {
  readonly code: string;
  readonly requestId?: string | undefined;
  readonly errors?: readonly GraphQLErrorAnswer[] | undefined;
  readonly field?: readonly string[] | undefined;
  readonly databaseId?: string | undefined;
  readonly cause?: unknown;
}

/** What may go well at another time, with nothing changed by the caller. */
const RETRYABLE: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'BACKEND_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RATE_LIMITED',
  'CONTENTION',
]);

/** What the gateway says itself, of the first error. */
function toldRetryable({ errors = [] }: ErrorDetails): boolean | undefined {
  const told = errors[0]?.extensions?.['retryable'];
  return typeof told === 'boolean' ? told : undefined;
}

/**
 * The one class of errors of the client. `code` is the gateway's `extensions.code` or that of a user error, or one of the
 * client's own: UNREACHABLE (no answer), TIMEOUT (none in time), ABORTED (the caller's signal), UNAUTHENTICATED,
 * PROTOCOL (an answer that is not ModelGraph's) and BAD_OPTIONS (a wrong address, token or number).
 */
export class ModelGraphError extends Error {
  override readonly name = 'ModelGraphError';
  readonly code: string;
  /**
   * True where the same request may go well later. A change may have been made all the same, unless it had an idempotency
   * key: look before you repeat it.
   */
  readonly retryable: boolean;
  /** The id under which the gateway's log has the request; undefined where there was no answer. */
  readonly requestId: string | undefined;
  /** The errors of GraphQL in the answer, with their paths. */
  readonly errors: readonly GraphQLErrorAnswer[];
  /** Of a refused change: the place in its input, from the outside in. */
  readonly field: readonly string[] | undefined;
  /** Of a refused change: the MLMD id of what is in the way, such as the holder of a name. */
  readonly databaseId: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.retryable = toldRetryable(details) ?? RETRYABLE.has(details.code);
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.field = details.field;
    this.databaseId = details.databaseId;
  }
}
