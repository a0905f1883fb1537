import { type Client, credentials, type requestCallback } from '@grpc/grpc-js';

import { RegistryError } from '../../errors.ts';
import { MetadataStoreServiceService } from '../../generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { MetadataStore, MetadataStoreRpcs, Rpc, RpcName, RpcRequest, RpcResponse } from '../store.ts';
import { RPC_NAMES } from '../store.ts';
import { channelOptions } from './channel-options.ts';
import { confirmWrites } from './confirmed-writes.ts';
import { type Connection, openConnection } from './connection.ts';
import { toRegistryError } from './status.ts';

/** Where an MLMD server is and how patient to be with it. */
export interface RemoteStoreOptions {
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Absent: plain text. PEM contents; without `rootCerts` the public roots; with key and certificate mutual TLS. */
  readonly tls?: { readonly rootCerts?: Buffer; readonly clientKey?: Buffer; readonly clientCert?: Buffer } | undefined;
  /** The largest answer taken, in bytes (default 16 MiB); a larger one rejects with RESOURCE_EXHAUSTED. */
  readonly maxReceiveBytes?: number;
  /** Milliseconds that a call without a deadline may take (default 10,000). */
  readonly defaultTimeoutMs?: number;
  /** Milliseconds after which an attempt to connect is given up for a new one (default 5,000). */
  readonly connectTimeoutMs?: number;
  /** Called when that happened, for the log. */
  readonly onReconnect?: () => void;
}

/** A store on any MLMD gRPC server. Connects with the first call, and again by itself whenever the server was away. */
export function connectRemoteStore(options: RemoteStoreOptions): MetadataStore {
  const { defaultTimeoutMs = 10_000, connectTimeoutMs = 5_000, onReconnect } = options;
  const connection = openConnection({
    address: addressOf(options),
    credentials: credentialsOf(options),
    channelOptions: channelOptions(options.maxReceiveBytes ?? 16 * 2 ** 20),
    connectTimeoutMs,
    onReplace: onReconnect,
  });
  return {
    ...confirmWrites(createRpcs(connection, defaultTimeoutMs), defaultTimeoutMs),
    partialReads: false,
    exactFilters: false,
    async close() {
      connection.close();
    },
  };
}

/** The scheme is spelt out because a host may be called like one (`unix:80`). */
function addressOf({ host, port }: RemoteStoreOptions): string {
  return host.includes(':') ? `dns:[${host}]:${port}` : `dns:${host}:${port}`;
}

function credentialsOf({ tls }: RemoteStoreOptions) {
  return tls === undefined
    ? credentials.createInsecure()
    : credentials.createSsl(tls.rootCerts, tls.clientKey, tls.clientCert);
}

function createRpcs(connection: Connection, defaultTimeoutMs: number): MetadataStoreRpcs {
  const rpcs = RPC_NAMES.map((name) => [name, createRpc(connection, name, defaultTimeoutMs)]);
  // The one thing TypeScript cannot follow: a table made of all names has all names.
  return Object.fromEntries(rpcs) as MetadataStoreRpcs;
}

function createRpc<Name extends RpcName>(connection: Connection, name: Name, defaultTimeoutMs: number): Rpc<Name> {
  const method: Method<RpcRequest<Name>, RpcResponse<Name>> = METHODS[name];
  return (request, { signal, deadline = Date.now() + defaultTimeoutMs } = {}) =>
    connection.run((client) => callOnce(client, method, request, deadline, signal));
}

/** What the client needs to know of an RPC. */
interface Method<Request, Answer> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Answer;
}

const METHODS: { readonly [Name in RpcName]: Method<RpcRequest<Name>, RpcResponse<Name>> } =
  MetadataStoreServiceService;

async function callOnce<Request, Answer>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: Method<Request, Answer>,
  request: Request,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (signal?.aborted) throw new RegistryError('CANCELLED', 'The call was cancelled.', { cause: signal.reason });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const settle: requestCallback<Answer> = (error, answer) =>
    error || answer === undefined ? reject(toRegistryError(error, request)) : resolve(answer);
  const sent = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, { deadline }, settle);
  const cancel = () => sent.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  // A signal may outlive very many calls, so its listeners go with them.
  return promise.finally(() => signal?.removeEventListener('abort', cancel));
}
