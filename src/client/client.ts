import { askOnce, type Fetch } from './ask.ts';
import { type Deadline, openDeadline } from './deadline.ts';
import { ModelGraphError } from './error.ts';
import { delayBeforeRetry } from './retry.ts';
import type { TypedDocument } from './typed-document.ts';

/** How a client is made. */
export interface ClientOptions {
  /** The gateway's base address, without a path, e.g. `http://localhost:4000`. */
  readonly url: string;
  /** A bearer token, or what gives one; it is asked before each try and never kept. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** How long a query may take with all its tries, in milliseconds; 30,000 where it is absent. */
  readonly timeoutMs?: number | undefined;
  /** How often a failed query is tried again at most; 3 where it is absent. */
  readonly retries?: number | undefined;
}

/** What a single query may have of its own. */
export interface QueryOptions {
  /** Ends the query with the code ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's. */
  readonly timeoutMs?: number | undefined;
  /** True for a change that may be repeated without harm; queries always may. */
  readonly idempotent?: boolean | undefined;
}

/** A gateway to ask. It holds no connection: there is nothing to close. */
export interface Client {
  /** The gateway's base address, without a `/` at its end. */
  readonly url: string;
  /** The answer to an operation. Rejects with a {@link ModelGraphError} only. */
  query<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options?: QueryOptions,
  ): Promise<Data>;
}

/** A client of the gateway at `url`. Throws a ModelGraphError BAD_OPTIONS where the options are not right. */
export function createClient(options: ClientOptions): Client {
  const { token, fetch = globalThis.fetch, timeoutMs = 30_000, retries = 3 } = options;
  const url = baseAddress(options.url);
  if (!(Number.isInteger(retries) && retries >= 0)) throw badOptions('`retries` has to be a whole number from 0 up.');
  requireTime(timeoutMs);
  return {
    url,
    async query<Data, Variables>(
      document: TypedDocument<Data, Variables>,
      variables: Variables,
      { signal, timeoutMs: own = timeoutMs, idempotent = false }: QueryOptions = {},
    ) {
      requireTime(own);
      const deadline = openDeadline(own, signal);
      const repeatable = idempotent || !MAY_CHANGE.test(document);
      const ask = () => askOnce({ fetch, url, token, document, variables, signal: deadline.signal });
      try {
        // The gateway answers what the document's types say: they were generated from the gateway's own schema.
        return (await askPersistently(ask, deadline, repeatable ? retries : 0, retries)) as Data;
      } finally {
        deadline.close();
      }
    },
  };
}

/** A document that has the word nowhere is a query. One that has it, as a field maybe, is just not repeated. */
const MAY_CHANGE = /\b(mutation|subscription)\b/;

/** Asks until there is an answer, the error is not one to retry, or there is no time or try left. */
async function askPersistently(
  ask: () => Promise<unknown>,
  deadline: Deadline,
  retries: number,
  unsentRetries: number,
): Promise<unknown> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await deadline.race(ask());
    } catch (error) {
      const failure = deadline.reason() ?? error;
      const delay = delayBeforeRetry(failure, tried, retries, unsentRetries);
      if (delay === undefined || delay >= deadline.left()) throw failure;
      await deadline.sleep(delay);
    }
  }
}

function requireTime(ms: number): void {
  if (!(ms > 0)) throw badOptions('`timeoutMs` has to be a number of milliseconds above 0.');
}

function baseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBase = url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  // The text itself is not repeated: it may hold a password.
  if (!isBase) throw badOptions('`url` has to be a base address without a path, such as http://localhost:4000.');
  return url.origin;
}

function badOptions(message: string): ModelGraphError {
  return new ModelGraphError(message, { code: 'BAD_OPTIONS' });
}
