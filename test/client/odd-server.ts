import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does with one request; its body was read. */
export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that is not quite a gateway. */
export interface OddServer extends AsyncDisposable {
  readonly url: string;
  /** The requests so far: headers and body. */
  readonly seen: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
}

/** Listens on a free port; the first request meets the first behaviour, those beyond the last one meet the last. */
export async function startOddServer(...behaviours: readonly [Behaviour, ...Behaviour[]]): Promise<OddServer> {
  const seen: OddServer['seen'] = [];
  const server = createServer(async (request, response) => {
    const behaviour = behaviours[Math.min(seen.length, behaviours.length - 1)];
    const parts = await request.toArray();
    seen.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    behaviour?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers JSON. */
export function answers(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'odd-1', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Answers an error of GraphQL. */
export function fails(code: string, status = 200, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return answers({ errors: [{ message: `It is ${code}.`, path: ['a', 0], extensions: { code } }] }, status, headers);
}

/** Takes the request and breaks the connection. */
export const hangsUp: Behaviour = (response) => void response.destroy();

/** Takes the request and never answers. */
export const isSilent: Behaviour = () => {};
