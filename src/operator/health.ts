import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The port that was taken, and how to give it back. */
export interface HealthServer {
  readonly port: number;
  close(): void;
}

/** Answers `/healthz` while the process lives and `/readyz` while `isReady`, for the probes of the operator's pod. */
export async function serveHealth(host: string, port: number, isReady: () => boolean): Promise<HealthServer> {
  const server = createServer(({ url }, response) => {
    const known = url === '/healthz' || url === '/readyz';
    const status = known ? (url === '/readyz' && !isReady() ? 503 : 200) : 404;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(status === 200 ? 'ok\n' : '');
  });
  await once(server.listen({ host, port }), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
