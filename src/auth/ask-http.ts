import { type ClientRequest, Agent as HttpAgent, type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** A question to a server that has a part in authentication. */
export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whom to trust and what to show over TLS; PEM. Without `ca` the public authorities are trusted. */
  readonly tls?: TlsIdentity;
}

/** What an HTTPS client trusts and shows. */
export interface TlsIdentity {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the server's certificate has to have, where it is not that of the address. */
  readonly servername?: string;
}

/** What it answered, whatever the status. Redirects are not followed. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks. Rejects where there is no whole answer in time. */
export type AskHttp = (question: HttpQuestion) => Promise<HttpReply>;

/** For the whole of a question and its answer, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** Of an answer, in bytes. */
const MAX_ANSWER = 2 ** 20;

/** Asks over connections that stay open between questions. No proxy of the environment is used. */
export function createAskHttp(): AskHttp {
  const settings = { keepAlive: true, maxSockets: 64, timeout: 30_000 };
  const agents = { http: new HttpAgent(settings), https: new HttpsAgent(settings) };
  return async (question) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await send(question, agents, signal);
    } catch (error) {
      // The server closed a connection that we thought open, before it read anything.
      if (error instanceof StaleConnection) return await send(question, agents, signal);
      throw error;
    }
  };
}

class StaleConnection extends Error {}

function send(
  { method, url, headers, body, tls }: HttpQuestion,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  signal: AbortSignal,
): Promise<HttpReply> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = { method, headers: { accept: 'application/json', ...headers, ...length }, signal };
  const request =
    url.protocol === 'https:'
      ? requestHttps(url, { ...options, ...tls, agent: agents.https })
      : requestHttp(url, { ...options, agent: agents.http });
  request.end(body);
  return replyTo(request);
}

function replyTo(request: ClientRequest): Promise<HttpReply> {
  const reply = Promise.withResolvers<HttpReply>();
  request.on('error', (cause) => {
    const isStale = request.reusedSocket && 'code' in cause && cause.code === 'ECONNRESET';
    reply.reject(isStale ? new StaleConnection('The connection had been closed.', { cause }) : cause);
  });
  request.on('response', (response) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    response.on('data', (part: Buffer) => {
      parts.push(part);
      bytes += part.length;
      if (bytes > MAX_ANSWER) request.destroy(new Error(`The answer has more than ${MAX_ANSWER} bytes.`));
    });
    response.on('error', (cause) => reply.reject(cause));
    response.on('end', () => {
      const { statusCode: status = 0, headers } = response;
      reply.resolve({ status, headers, text: Buffer.concat(parts).toString('utf8') });
    });
  });
  return reply.promise;
}
