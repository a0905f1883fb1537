import { storeForCallers } from '../guard/store-for.ts';
import { serveMetadata } from '../mlmd/serve.ts';
import { startGateway } from '../server.ts';
import { type Address, isLoopback, listenProblem } from './address.ts';
import type { Behind, Door, ListenOptions, OpenDoor } from './listen.ts';

/** The options of a command with a gateway. */
export interface GatewayOptions extends ListenOptions {
  /** Seconds. */
  readonly timeout: number;
  /** A folder with documents of routes. */
  readonly rest?: string;
}

/** The gateway over HTTP. */
export function gatewayDoor(options: GatewayOptions, welcome: (url: string) => string): Door {
  const { host, port, timeout, rest } = options;
  const address: Address = { host, port, option: '--port' };
  return {
    address,
    async open(behind) {
      try {
        const loopback = isLoopback(host);
        const timeoutMs = timeout * 1_000;
        const gateway = await startGateway({ ...behind, host, port, loopback, timeoutMs, rest });
        return { welcome: welcome(gateway.url), drain: gateway.drain, close: gateway.close };
      } catch (cause) {
        throw listenProblem(cause, address);
      }
    },
  };
}

/** MLMD's own service over gRPC. `option` is the one that chose the port. */
export function grpcDoor(host: string, port: number, option: string): Door {
  return { address: { host, port, option }, open: (behind) => openGrpc(host, port, behind) };
}

async function openGrpc(host: string, port: number, { store, log, policy, tls }: Behind): Promise<OpenDoor> {
  const server = await serveMetadata({
    store,
    host,
    port,
    tls,
    storeFor: storeForCallers(store, policy),
    onFailure: (rpc, error) => log.error({ rpc, err: error }, 'an RPC failed'),
  });
  const where = `${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  return { welcome: `ML Metadata is ready for gRPC at ${where}`, drain: server.drain, close: server.close };
}
