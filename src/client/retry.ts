import { ModelGraphError } from './error.ts';

/** Failures after which a query is tried again. */
const RETRIED: ReadonlySet<string> = new Set([
  ...['UNREACHABLE', 'BACKEND_UNAVAILABLE', 'RATE_LIMITED', 'OVERLOADED', 'CONTENTION'],
]);

/** How Node tells that there was no connection, so that nothing was sent; a browser tells nothing. */
const UNSENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/**
 * Milliseconds to wait before the next try, or undefined for none: `retries` after a failure that may have come after
 * the gateway had the request, `unsentRetries` where it surely had not.
 */
export function delayBeforeRetry(
  error: unknown,
  tried: number,
  retries: number,
  unsentRetries: number,
): number | undefined {
  if (!(error instanceof ModelGraphError) || !RETRIED.has(error.code)) return undefined;
  if (tried >= (wasUnsent(error) ? unsentRetries : retries)) return undefined;
  // All of it is jitter, so that clients that failed together do not come back together.
  const backoff = Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** tried);
  return Math.max(backoff, waits.get(error) ?? 0);
}

function wasUnsent({ code, cause }: ModelGraphError): boolean {
  const origin = cause instanceof Error ? cause.cause : undefined;
  return code === 'UNREACHABLE' && origin instanceof Error && 'code' in origin && UNSENT.has(origin.code);
}

/** How long the gateway asks to wait, by the error of its answer. */
const waits = new WeakMap<ModelGraphError, number>();

/** The same error; a retry will heed the header `Retry-After`: seconds, or a date. */
export function noteRetryAfter(error: ModelGraphError, header: string | null): ModelGraphError {
  const text = header?.trim();
  if (!text) return error;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  if (ms > 0) waits.set(error, ms);
  return error;
}
