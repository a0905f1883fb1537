import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A balancer that is listening. `await using` ends it. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Resolves when the gateway at this address says that it is ready, and gets connections from then on. */
  add(url: string): Promise<void>;
  /** Knows of this gateway no more. */
  remove(url: string): void;
}

const ASK_EVERY_MS = 50;

/**
 * What Kubernetes' Services are, in small: hands each new connection to the next gateway whose /readyz says yes, and
 * neither reads what passes nor tries again.
 */
export async function startBalancer(): Promise<Balancer> {
  const gateways = new Map<string, boolean>();
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    const ready = [...gateways].filter(([, isReady]) => isReady);
    const [url] = ready[turn++ % ready.length] ?? [];
    if (url === undefined) return client.destroy();
    const { hostname, port } = new URL(url);
    join(client, connect(Number(port), hostname), sockets);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const ask = async (url: string) => {
    const isReady = (await statusOf(`${url}/readyz`)) === 200;
    if (gateways.has(url)) gateways.set(url, isReady);
    return isReady;
  };
  const timer = setInterval(() => [...gateways.keys()].forEach(ask), ASK_EVERY_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(url) {
      gateways.set(url, false);
      while (!(await ask(url)));
    },
    remove: (url) => void gateways.delete(url),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(client: Socket, gateway: Socket, sockets: Set<Socket>): void {
  client.pipe(gateway).pipe(client);
  for (const [socket, other] of [
    [client, gateway],
    [gateway, client],
  ] as const) {
    sockets.add(socket);
    socket.once('error', () => other.destroy()).once('close', () => sockets.delete(socket));
  }
}

/** Undefined where nobody answers. Each question has a connection of its own, as the kubelet's have. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => resolve(response.resume().statusCode)).once('error', () =>
      resolve(undefined),
    );
  });
}
