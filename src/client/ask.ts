import { readAnswer } from './answer.ts';
import { ModelGraphError } from './error.ts';

/** As much of `fetch` as the client needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One try of a query. */
export interface Question {
  readonly fetch: Fetch;
  readonly url: string;
  readonly token: string | (() => string | Promise<string>) | undefined;
  readonly document: string;
  readonly variables: unknown;
  readonly signal: AbortSignal;
}

/** The data that the gateway answers. Rejects with a ModelGraphError, or anything once the signal is aborted. */
export async function askOnce({ fetch, url, token, document, variables, signal }: Question): Promise<unknown> {
  signal.throwIfAborted();
  const authorization = token === undefined ? {} : { authorization: `Bearer ${await readToken(token)}` };
  const body = toBody(document, variables);
  let response: Response;
  let text: string;
  try {
    // A redirect would make a GET of it, or carry the token elsewhere.
    response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization },
      body,
      redirect: 'manual',
      signal,
    });
    text = await response.text();
  } catch (cause) {
    throw new ModelGraphError(`There is no answer from ${url}: is the gateway running there?`, {
      code: 'UNREACHABLE',
      cause,
    });
  }
  return readAnswer(response, text, url);
}

/** The token, which is looked at first: what refuses a header tells its value in the error. */
async function readToken(token: string | (() => string | Promise<string>)): Promise<string> {
  let text: string;
  try {
    text = typeof token === 'string' ? token : await token();
  } catch (cause) {
    throw new ModelGraphError('The token could not be had.', { code: 'UNAUTHENTICATED', cause });
  }
  if (typeof text === 'string' && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new ModelGraphError('The token has to be a text of visible ASCII characters without blanks.', {
    code: 'BAD_OPTIONS',
  });
}

function toBody(query: string, variables: unknown): string {
  try {
    return JSON.stringify({ query, variables });
  } catch (cause) {
    throw new ModelGraphError('The variables cannot be written as JSON.', { code: 'BAD_OPTIONS', cause });
  }
}
