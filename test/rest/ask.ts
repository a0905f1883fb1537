import querystring from 'node:querystring';

import { expectNoLeak } from '../leaks.ts';

/** An answer of a route. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; its text where it is none. */
  readonly json: unknown;
}

/** One request to a route; a body that is no text is sent as JSON. */
export async function ask(
  url: string,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<RestResponse> {
  const { body, headers = {} } = options;
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 400) expectNoLeak(text, `${querystring.unescape(path)} ${JSON.stringify(body)}`);
  return { status: response.status, headers: response.headers, json: toJson(text) };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
