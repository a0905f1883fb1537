import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { TEXT_FORMAT, toExposition } from './exposition.ts';
import type { Family } from './family.ts';

/** Where metrics are read, and how to give the port back. */
export interface MetricsServer {
  /** E.g. `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  close(): void;
}

/**
 * Serves `/metrics` at a port of its own, in plain text and to whoever can reach it. Rejects with Node's own error where
 * it cannot listen.
 */
export async function serveMetrics(host: string, port: number, families: readonly Family[]): Promise<MetricsServer> {
  const server = createServer(({ url, method }, response) => {
    if (url?.split('?')[0] !== '/metrics') return void response.writeHead(404).end();
    if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    response.writeHead(200, { 'content-type': TEXT_FORMAT }).end(toExposition(families));
  });
  await once(server.listen({ host, port }), 'listening');
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
