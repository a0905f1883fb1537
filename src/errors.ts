/** One row of the error table: how a failure is told through each door. */
interface ErrorRow {
  /** Numeric gRPC status, as in google.rpc.Code. */
  readonly grpc: number;
  /** `extensions.code` of a GraphQL error. */
  readonly extension: string;
  /** HTTP status of a whole request that failed this way. */
  readonly http: number;
  /** True where the same request may go well later, and doing it twice does no harm: nothing was changed. */
  readonly retryable?: true;
}

/**
 * The one error table. Rows are named by the canonical gRPC code, or by our own refinement of one where the same code
 * has to be told apart at the door (READ_ONLY, QUERY_TOO_COMPLEX, MISSING_FIELD, OVERLOADED, …). docs/errors.md has it for
 * callers.
 */
export const ERROR_TABLE = {
  CANCELLED: { grpc: 1, extension: 'CANCELLED', http: 499 },
  INVALID_ARGUMENT: { grpc: 3, extension: 'BAD_USER_INPUT', http: 400 },
  MISSING_FIELD: { grpc: 3, extension: 'BAD_USER_INPUT', http: 422 },
  DEADLINE_EXCEEDED: { grpc: 4, extension: 'DEADLINE_EXCEEDED', http: 504, retryable: true },
  UNKNOWN_OUTCOME: { grpc: 4, extension: 'UNKNOWN_OUTCOME', http: 504 },
  NOT_FOUND: { grpc: 5, extension: 'NOT_FOUND', http: 404 },
  ALREADY_EXISTS: { grpc: 6, extension: 'ALREADY_EXISTS', http: 409 },
  PERMISSION_DENIED: { grpc: 7, extension: 'FORBIDDEN', http: 403 },
  RESOURCE_EXHAUSTED: { grpc: 8, extension: 'PAGE_TOO_LARGE', http: 413 },
  QUERY_TOO_COMPLEX: { grpc: 8, extension: 'QUERY_TOO_COMPLEX', http: 400 },
  FAILED_PRECONDITION: { grpc: 9, extension: 'CONFLICT', http: 412 },
  BACKEND_INCOMPATIBLE: { grpc: 9, extension: 'BACKEND_INCOMPATIBLE', http: 503 },
  READ_ONLY: { grpc: 9, extension: 'READ_ONLY', http: 503 },
  ABORTED: { grpc: 10, extension: 'CONTENTION', http: 503, retryable: true },
  OUT_OF_RANGE: { grpc: 11, extension: 'BAD_USER_INPUT', http: 400 },
  UNIMPLEMENTED: { grpc: 12, extension: 'NOT_IMPLEMENTED', http: 501 },
  INTERNAL: { grpc: 13, extension: 'INTERNAL_SERVER_ERROR', http: 500 },
  UNAVAILABLE: { grpc: 14, extension: 'BACKEND_UNAVAILABLE', http: 503, retryable: true },
  UNAUTHENTICATED: { grpc: 16, extension: 'UNAUTHENTICATED', http: 401 },
  RATE_LIMITED: { grpc: 8, extension: 'RATE_LIMITED', http: 429, retryable: true },
  OVERLOADED: { grpc: 14, extension: 'OVERLOADED', http: 503, retryable: true },
  UNTRUSTED_DOCUMENT: { grpc: 7, extension: 'DOCUMENT_NOT_TRUSTED', http: 400 },
  URI_TOO_LONG: { grpc: 3, extension: 'BAD_REQUEST', http: 414 },
  DATA_LOSS: { grpc: 15, extension: 'DATA_LOSS', http: 500 },
} as const satisfies Record<string, ErrorRow>;

/** A row of {@link ERROR_TABLE}. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** True where a request that failed this way may go well later. */
export function isRetryable(code: ErrorCode): boolean {
  const row: ErrorRow = ERROR_TABLE[code];
  return row.retryable === true;
}

/** Where in the caller's input a failure lies. */
export interface ErrorPlace {
  /** The argument or field at fault, as the caller spells it, e.g. `filterQuery`. */
  readonly argument?: string;
  /** 1-based position in the argument's text, counted in UTF-16 code units. */
  readonly position?: number;
}

/**
 * A failure whose message is fit for the caller: it names what is wrong and what to do, and nothing of the inside (no
 * SQL, address, path or stack; those belong in `cause`, which only the log sees).
 */
export class RegistryError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace;

  constructor(code: ErrorCode, message: string, options: ErrorOptions & ErrorPlace = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'RegistryError';
    this.code = code;
    this.place = {
      ...(options.argument === undefined ? {} : { argument: options.argument }),
      ...(options.position === undefined ? {} : { position: options.position }),
    };
  }
}

/** The RegistryError that `error` is or was caused by, or undefined for any other failure. */
export function registryErrorIn(error: unknown): RegistryError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof RegistryError) return each;
  }
  return undefined;
}

/** What a read gives; undefined where it is told NOT_FOUND. */
export async function orMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (registryErrorIn(error)?.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** What a change is told as that nobody has answered, and that cannot be seen to have been made. */
export function unknownOutcome(cause: unknown): RegistryError {
  const message =
    'The metadata store did not answer, and it is not known whether the change was made: look before you repeat it.';
  return new RegistryError('UNKNOWN_OUTCOME', message, { cause });
}
