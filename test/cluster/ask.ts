import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/** What the API server answered: JSON, read, or a text. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Who asks, and what kind of JSON or YAML a patch is. */
export interface AskOptions {
  readonly token?: string;
  readonly contentType?: string;
}

/** One request on a connection of its own: it meets the server as it is now. A body that is a text goes as it is. */
export async function ask(
  { url, ca }: { readonly url: string; readonly ca: string },
  method: string,
  path: string,
  body: unknown,
  { token, contentType = 'application/json' }: AskOptions,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { accept: 'application/json', 'content-type': contentType, ...authorization };
  const request = httpsRequest(`${url}${path}`, { method, ca, headers, agent: false, timeout: 30_000 });
  request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)));
  request.on('error', reject);
  request.on('response', (response) => {
    const isJson = response.headers['content-type']?.startsWith('application/json') === true;
    text(response)
      .then((body) => resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(body) : body }))
      .catch(reject);
  });
  request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  return promise;
}
