import type { IncomingMessage } from 'node:http';

import type { FetchAnswer, FetchInit } from '../client/ask.ts';

/**
 * As much of `fetch` as the client needs, over node:http. Node's own `fetch` takes 50 ms to load, as long as Node itself;
 * this takes 8. Rejects as that does, with the reason as `cause`.
 */
export async function httpFetch(url: string, init: FetchInit): Promise<FetchAnswer> {
  // Not by import: to name what is in node:http, that loads all of it, `fetch` among the rest.
  const { request } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method, headers, body, signal } = init;
  const sent = request(url, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal });
  sent.once('response', resolve);
  sent.once('error', (cause) => reject(new TypeError('fetch failed', { cause })));
  sent.end(body);
  const message = await promise;
  const status = message.statusCode ?? 0;
  return {
    status,
    ok: status >= 200 && status < 300,
    type: 'basic',
    headers: { get: (name) => [message.headers[name.toLowerCase()] ?? null].flat()[0] ?? null },
    text: () => readText(message),
  };
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
