import { type ChannelOptions, Server } from '@grpc/grpc-js';

import { RegistryError } from '../errors.ts';
import type { TlsFiles } from '../tls-files.ts';

import type { Admission, AdmitCall } from './serve/admit.ts';
import { createHealth } from './serve/health.ts';
import { createReflection } from './serve/reflection.ts';
import { createRpcHandlers, type OnCall, type OnFailure, RPC_SERVICE } from './serve/rpcs.ts';
import { toServerCredentials } from './serve/server-credentials.ts';
import type { StoreFor } from './serve/store-for.ts';
import type { MetadataStore } from './store.ts';

/** What to serve over gRPC, and where. */
export interface MetadataServerOptions {
  readonly store: MetadataStore;
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain text. */
  readonly tls?: TlsFiles | undefined;
  /** The store that a caller gets to see; by default the whole one, whoever calls. */
  readonly storeFor?: StoreFor;
  /** Takes what the caller is told nothing about, for the log. */
  readonly onFailure: OnFailure;
  /** How long calls in flight may take when the server stops, in milliseconds (default 10,000). */
  readonly drainMs?: number;
  /** What may refuse a call; none is refused without. */
  readonly admit?: AdmitCall;
  /** Hears of each call. */
  readonly onCall?: OnCall | undefined;
}

/** An MLMD server that is listening. */
export interface MetadataServer {
  readonly port: number;
  /** Serves as before, but its health service says no. */
  drain(): void;
  /** Takes no new calls, finishes those in flight, and cuts off what is not done in time. The store stays open. */
  close(): Promise<void>;
}

const OPTIONS: ChannelOptions = {
  // Of a request. An answer may be of any size: the client has a limit of its own.
  'grpc.max_receive_message_length': 16 * 2 ** 20,
  'grpc.max_send_message_length': -1,
  // Of one connection; a client queues what goes beyond.
  'grpc.max_concurrent_streams': 256,
  // Connections whose other end is lost behind a router are ended. Pings of clients are answered, as often as they come.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
};

/**
 * Serves a store as MLMD's own server does, with the health and the reflection service beside it. UNAVAILABLE where it
 * cannot listen.
 */
export async function serveMetadata(options: MetadataServerOptions): Promise<MetadataServer> {
  const { store, onFailure, drainMs = 10_000, storeFor = async () => store, admit = () => NO_LIMITS, onCall } = options;
  const server = new Server(OPTIONS);
  const extras = [createHealth(store), ...createReflection(storeFor, admit)];
  server.addService(RPC_SERVICE, createRpcHandlers({ storeFor, onFailure, admit, onCall }));
  for (const { service, implementation } of extras) server.addService(service, implementation);
  const port = await bind(server, options);
  const end = () => {
    for (const extra of extras) extra.end();
  };
  return {
    port,
    drain: end,
    async close() {
      end();
      await shutDown(server, drainMs);
    },
  };
}

/** Every call is let in, and costs nothing. */
const NO_LIMITS: Admission = { pay() {}, unknown() {}, end() {} };

async function bind(server: Server, { host, port, tls }: MetadataServerOptions): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const bound = Promise.withResolvers<number>();
  server.bindAsync(address, toServerCredentials(tls), (error, actual) =>
    error ? bound.reject(error) : bound.resolve(actual),
  );
  try {
    return await bound.promise;
  } catch (cause) {
    server.forceShutdown();
    throw new RegistryError('UNAVAILABLE', `Cannot listen for gRPC at ${address}.`, { cause });
  }
}

async function shutDown(server: Server, drainMs: number): Promise<void> {
  const drained = Promise.withResolvers<void>();
  server.tryShutdown(() => drained.resolve());
  const timer = setTimeout(() => {
    server.forceShutdown();
    drained.resolve();
  }, drainMs);
  await drained.promise;
  clearTimeout(timer);
}
