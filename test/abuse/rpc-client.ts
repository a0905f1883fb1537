import { Client, credentials, Metadata } from '@grpc/grpc-js';

interface Ended {
  readonly code: number;
  readonly details: string;
}

/** Calls RPCs with empty requests. `name` is shown as the header `authorization`. */
export interface RpcClient extends Disposable {
  /** One of MLMD's. */
  call(rpc: string, name?: string): Promise<Ended>;
  /** Asks what the server has. */
  reflect(name?: string): Promise<Ended>;
}

const asIs = (bytes: Buffer) => bytes;

/** A client of the server at this port, which tries nothing again. */
export function rpcClient(port: number): RpcClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  return {
    call(rpc, name = '') {
      const answered = Promise.withResolvers<Ended>();
      const path = `/ml_metadata.MetadataStoreService/${rpc}`;
      client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), shown(name), (error) =>
        answered.resolve(error ? { code: error.code, details: error.details } : { code: 0, details: '' }),
      );
      return answered.promise;
    },
    reflect(name = '') {
      const ended = Promise.withResolvers<Ended>();
      const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
      const stream = client.makeBidiStreamRequest(path, asIs, asIs, shown(name), {});
      stream.on('data', () => undefined).on('error', () => undefined);
      stream.on('status', ended.resolve);
      stream.end();
      return ended.promise;
    },
    [Symbol.dispose]: () => client.close(),
  };
}

function shown(name: string): Metadata {
  const metadata = new Metadata();
  if (name !== '') metadata.set('authorization', name);
  return metadata;
}
