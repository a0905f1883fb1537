import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';

/** What a client shows and trusts. */
export interface TlsClient {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** The status of a query over TLS, on a connection of its own. */
export async function askTls(
  url: string,
  client: TlsClient,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<{ readonly status: number | undefined; readonly body: unknown }> {
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    ...client,
    headers: { 'content-type': 'application/json', ...headers },
  });
  sent.end('{"query":"{ artifacts { nodes { id } } }"}');
  const [response]: IncomingMessage[] = await once(sent, 'response');
  return { status: response?.statusCode, body: response && (await json(response)) };
}
