import { Client, credentials, Metadata } from '@grpc/grpc-js';

/** Calls RPCs of MLMD's with empty requests. */
export interface RpcClient extends Disposable {
  /** `name` is shown as the header `authorization`. */
  call(rpc: string, name?: string): Promise<{ readonly code: number; readonly details: string }>;
}

/** A client of the server at this port, which tries nothing again. */
export function rpcClient(port: number): RpcClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  return {
    call(rpc, name = '') {
      const metadata = new Metadata();
      if (name !== '') metadata.set('authorization', name);
      const answered = Promise.withResolvers<{ readonly code: number; readonly details: string }>();
      client.makeUnaryRequest(
        `/ml_metadata.MetadataStoreService/${rpc}`,
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        Buffer.alloc(0),
        metadata,
        (error) => answered.resolve(error ? { code: error.code, details: error.details } : { code: 0, details: '' }),
      );
      return answered.promise;
    },
    [Symbol.dispose]: () => client.close(),
  };
}
