import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { expect } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { storeForCallers } from '../../src/guard/store-for.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import type { RpcName } from '../../src/mlmd/store.ts';
import { openFolder } from '../store-file-rig.ts';
import { readSample } from './matrix-rpcs.ts';
import { as, policyOf, type Roles } from './roles.ts';

/** A gRPC server with callers of different rights. */
export type RpcRig = Awaited<ReturnType<typeof openRpcRig>>;

/** Serves the demo's store over gRPC to callers of these roles. */
export async function openRpcRig(roles: Roles, registry = 'modelgraph') {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await openFolder());
  const { store } = await openStore({ db: `${folder.path}/store.sqlite` });
  stack.defer(() => store.close());
  await fillWithDemoData(store);
  const sample = await readSample(store);
  const server = await serveMetadata({
    ...{ store, host: '127.0.0.1', port: 0, onFailure: (_rpc, error) => expect.fail(String(error)) },
    storeFor: storeForCallers(store, policyOf(roles, registry)),
  });
  stack.defer(() => server.close());
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  stack.defer(() => client.close());

  function call(name: RpcName, request: object, role: string) {
    const { path, requestSerialize, responseDeserialize } = MetadataStoreServiceService[name];
    const metadata = new Metadata();
    for (const [header, value] of Object.entries(as(role))) metadata.set(header, value);
    const done = Promise.withResolvers<{ code: number; details: string; answer?: object }>();
    client.makeUnaryRequest(
      path,
      requestSerialize as (request: object) => Buffer,
      responseDeserialize as (bytes: Buffer) => object,
      request,
      metadata,
      (error, answer) => done.resolve(error ? error : { code: 0, details: '', ...(answer && { answer }) }),
    );
    return done.promise;
  }

  return { sample, store, call, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
