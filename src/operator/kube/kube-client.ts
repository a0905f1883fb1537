import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';

import { kubeErrorOf } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';

/** Milliseconds that one request may take; a watch has its own end. */
const REQUEST_MS = 10_000;

/** A change that a watch tells of. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** What goes with a request. */
export interface RequestDetails {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** The API server. Each function throws a KubeError for what the server refuses, and Node's errors where there is none. */
export interface KubeClient {
  /** The namespace that we are in. */
  readonly namespace: string;
  /** An object or a list, as the server has it. */
  request(method: string, path: string, details?: RequestDetails): Promise<unknown>;
  /** Changes, as they come, until the signal or the server ends them. */
  watch(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<WatchEvent>;
}

/** Who we are to which server; the options of a request change when a token does. */
export interface Login {
  readonly server: string;
  readonly namespace: string;
  options(): Promise<RequestOptions>;
}

/** A client by this login. */
export function createKubeClient(login: Login): KubeClient {
  return {
    namespace: login.namespace,
    async request(method, path, { signal, ...details } = {}) {
      const bound = AbortSignal.timeout(REQUEST_MS);
      const response = await send(login, method, path, details, signal ? AbortSignal.any([signal, bound]) : bound);
      return JSON.parse(await text(response));
    },
    async *watch(path, query, signal) {
      const details = { query: { ...query, watch: '1', allowWatchBookmarks: 'true' } };
      const response = await send(login, 'GET', path, details, signal);
      for await (const line of linesOf(response)) yield JSON.parse(line);
    },
  };
}

async function send(
  login: Login,
  method: string,
  path: string,
  { query = {}, body, contentType = 'application/json' }: RequestDetails,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(`${login.server.replace(/\/$/, '')}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const options = await login.options();
  const headers = { ...options.headers, accept: 'application/json', 'content-type': contentType };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const sent = request(url, { ...options, method, headers, signal }, resolve).on('error', reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const response = await promise;
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) throw kubeErrorOf(status, await text(response));
  return response;
}

/** Whole lines; one that was cut at the end is none, and the list that follows has what it told of. */
async function* linesOf(response: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
