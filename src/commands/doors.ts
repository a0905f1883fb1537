import { auditedAdmission } from '../audit/audited-admission.ts';
import { storeForCallers } from '../guard/store-for.ts';
import type { Rate } from '../limits/buckets.ts';
import { type Limits, limitsFor } from '../limits/limits.ts';
import { createRpcThrottle } from '../limits/rpc-throttle.ts';
import { createRpcMeasure } from '../metrics/measured-rpcs.ts';
import { serveMetadata } from '../mlmd/serve.ts';
import { startGateway } from '../server.ts';
import { type Address, isLoopback, listenProblem } from './address.ts';
import type { Behind, Door, ListenOptions, OpenDoor } from './listen.ts';

/** The options of every command with a server that others may ask. */
export interface ServerOptions extends ListenOptions {
  readonly rateLimit?: Rate | 'off';
  readonly changeLimit?: Rate | 'off';
  readonly maxInFlight?: number;
}

/** The options of a command with a gateway. */
export interface GatewayOptions extends ServerOptions {
  /** Seconds. */
  readonly timeout: number;
  /** A folder with documents of routes. */
  readonly rest?: string;
  readonly failedLoginLimit?: Rate | 'off';
  readonly allowIntrospection?: boolean;
  readonly trustedDocuments?: readonly string[];
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
        const gateway = await startGateway({
          ...behind,
          ...{ host, port, loopback, rest },
          timeoutMs: timeout * 1_000,
          limits: limitsOf(options),
          introspection: loopback || options.allowIntrospection === true,
          trustedDocuments: options.trustedDocuments ?? [],
        });
        return { welcome: welcome(gateway.url), drain: gateway.drain, close: gateway.close };
      } catch (cause) {
        throw listenProblem(cause, address);
      }
    },
  };
}

/** What the flags mean for who can reach the server. */
function limitsOf(options: ServerOptions & Pick<GatewayOptions, 'failedLoginLimit'>): Limits {
  const { host, auth = ['none'], rateLimit, changeLimit, failedLoginLimit, maxInFlight } = options;
  const flags = { cost: rateLimit, changes: changeLimit, failedLogins: failedLoginLimit, maxInFlight };
  return limitsFor({ open: auth.every((mode) => mode === 'none'), loopback: isLoopback(host) }, flags);
}

/** MLMD's own service over gRPC, at a port that this option chose. */
export function grpcDoor(options: ServerOptions, port: number, option: string): Door {
  return { address: { host: options.host, port, option }, open: (behind) => openGrpc(options, port, behind) };
}

async function openGrpc(options: ServerOptions, port: number, behind: Behind): Promise<OpenDoor> {
  const { host } = options;
  const { store, log, policy, tls, audit, metrics } = behind;
  const server = await serveMetadata({
    store,
    host,
    port,
    tls,
    storeFor: storeForCallers(store, policy, audit),
    admit: auditedAdmission(createRpcThrottle(limitsOf(options)), policy.registry, audit),
    onCall: metrics && createRpcMeasure(metrics),
    onFailure: (rpc, error) => log.error({ rpc, err: error }, 'an RPC failed'),
  });
  const where = `${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  return { welcome: `ML Metadata is ready for gRPC at ${where}`, drain: server.drain, close: server.close };
}
