import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a proxy does with what it gets: hands it on, or swallows what one side says. */
export type Loss = 'none' | 'requests' | 'answers';

/** A TCP proxy that loses what passes, when it is told to. `await using` ends it. */
export interface LossyProxy extends AsyncDisposable {
  readonly port: number;
  lose(loss: Loss): void;
  /** Bytes that were lost since {@link LossyProxy.lose}. */
  lost(): number;
  /** Ends all connections without a word. */
  cut(): void;
}

/** Starts a proxy before the server at this port. */
export async function startLossyProxy(port: number): Promise<LossyProxy> {
  const sockets = new Set<Socket>();
  let losing: Loss = 'none';
  let bytes = 0;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    hand(client, upstream, 'requests');
    hand(upstream, client, 'answers');
  });

  function hand(from: Socket, to: Socket, what: Loss): void {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (losing === what) bytes += chunk.length;
      else to.write(chunk);
    });
    from
      .once('error', () => {})
      .once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lose(loss) {
      losing = loss;
      bytes = 0;
    },
    lost: () => bytes,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
