import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { Access } from '../cluster/cluster.ts';

/** A request to the API server, as RBAC sees it. */
export interface Call {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
}

/** What becomes of a call: it is passed on, refused, cut off, or passed on and its answer lost. */
export type Fate = 'pass' | 'refuse' | 'cut' | 'lose';

/** A proxy between an operator and the API server that can fail calls. */
export interface FaultProxy extends AsyncDisposable {
  /** A kubeconfig of this token that goes through the proxy. */
  kubeconfig(token: string, namespace: string): Promise<string>;
}

/** Starts a proxy that asks of each call what becomes of it, and lets no watch tell anything, nor end, while `isMute`. */
export async function startFaultProxy(
  access: Access,
  fateOf: (call: Call) => Fate,
  isMute: () => boolean,
): Promise<FaultProxy> {
  const server = createServer((incoming, answer) => {
    const call = callOf(incoming);
    const silent = () => call.verb === 'watch' && isMute();
    pass(access, fateOf(call), silent, incoming, answer);
  });
  server.on('clientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async kubeconfig(token, namespace) {
      const path = join(access.folder, `${randomBytes(8).toString('hex')}.kubeconfig`);
      const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'proxy', cluster }],
        users: [{ name: 'operator', user: { token } }],
        contexts: [{ name: 'test', context: { cluster: 'proxy', user: 'operator', namespace } }],
        'current-context': 'test',
      };
      await writeFile(path, JSON.stringify(config), { mode: 0o600 });
      return path;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pass(
  { url, ca }: Access,
  fate: Fate,
  silent: () => boolean,
  incoming: IncomingMessage,
  answer: ServerResponse,
): void {
  if (fate === 'cut') return void incoming.socket.destroy();
  if (fate === 'refuse') {
    const body = { kind: 'Status', status: 'Failure', reason: 'InternalError', message: 'injected', code: 500 };
    return void answer.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  const { host, ...headers } = incoming.headers;
  const onward = httpsRequest(`${url}${incoming.url}`, { method: incoming.method, headers, ca, agent: false });
  onward.on('response', (response) => {
    if (fate === 'lose') return void response.resume().on('end', () => incoming.socket.destroy());
    answer.writeHead(response.statusCode ?? 502, response.headers);
    answer.flushHeaders();
    response.on('data', (chunk) => silent() || answer.write(chunk));
    response.on('end', () => silent() || answer.end());
    response.on('error', () => incoming.socket.destroy());
  });
  onward.on('error', () => incoming.socket.destroy());
  answer.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

function callOf({ method = '', url = '' }: IncomingMessage): Call {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const parts = pathname.split('/').filter((part) => part !== '');
  const group = parts[0] === 'api' ? '' : (parts[1] ?? '');
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const namespace = rest[0] === 'namespaces' ? (rest[1] ?? '') : '';
  const [resource = '', name = '', subresource] = namespace === '' ? rest : rest.slice(2);
  const read = name !== '' ? 'get' : searchParams.get('watch') === '1' ? 'watch' : 'list';
  return {
    verb: method === 'GET' ? read : (VERBS[method] ?? method),
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name: decodeURIComponent(name),
    dryRun: searchParams.has('dryRun'),
  };
}
