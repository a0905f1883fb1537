import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fillWithDemoData } from '../../src/demo/fill.ts';
import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { storeForCallers } from '../../src/guard/store-for.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import { RPC_NAMES, type RpcName } from '../../src/mlmd/store.ts';
import { openFolder } from '../store-file-rig.ts';
import { REGISTRIES } from './matrix-roles.ts';
import { readSample, rpcProblem, rpcRequests } from './matrix-rpcs.ts';
import { as, policyOf } from './roles.ts';

describe.each(Object.keys(REGISTRIES))('over gRPC, in the registry %s', (registry) => {
  const roles = REGISTRIES[registry] ?? {};
  let rig: Awaited<ReturnType<typeof openRig>>;

  beforeAll(async () => {
    rig = await openRig(registry);
  });

  afterAll(() => rig[Symbol.asyncDispose]());

  test.each(Object.keys(roles))('%s does what the role says, and nothing else', async (role) => {
    const requests = rpcRequests(rig.sample);
    expect(requests.map(({ name }) => name)).toEqual(RPC_NAMES);
    expect(requests.length).toBe(52);
    const wrong: string[] = [];
    for (const asked of requests) {
      const problem = rpcProblem(asked, roles[role] ?? [], await rig.call(asked.name, asked.request, role));
      if (problem) wrong.push(`${asked.name}: ${problem}`);
    }
    expect(wrong).toEqual([]);
  });

  test('what a mask names and a message lacks would go, and so needs the right', async () => {
    const { id, typeId } = rig.sample.artifact;
    for (const column of ['uri', 'external_id']) {
      const request = { artifacts: [{ id, typeId, properties: new Map(), customProperties: new Map() }] };
      const answer = await rig.call('putArtifacts', { ...request, updateMask: [column] }, 'viewer');
      expect(answer).toMatchObject({ code: status.PERMISSION_DENIED });
    }
  });

  test('types come with nodes only to who may get types', async () => {
    const ids = { artifactIds: [rig.sample.artifact.id], populateArtifactTypes: true };
    const counted = async (role: string) => {
      const { artifactTypes = [], artifacts = [] } = Object((await rig.call('getArtifactsById', ids, role)).answer);
      return [artifacts.length, artifactTypes.length];
    };
    expect(await counted(registry === 'alpha' ? 'viewer' : 'deployer')).toEqual([1, 1]);
    if (registry === 'beta') expect(await counted('viewer')).toEqual([1, 0]);
  });
});

async function openRig(registry: string) {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await openFolder());
  const { store } = await openStore({ db: `${folder.path}/store.sqlite` });
  stack.defer(() => store.close());
  await fillWithDemoData(store);
  const sample = await readSample(store);
  const server = await serveMetadata({
    ...{ store, host: '127.0.0.1', port: 0, onFailure: (_rpc, error) => expect.fail(String(error)) },
    storeFor: storeForCallers(store, policyOf(REGISTRIES[registry] ?? {}, registry)),
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

  return { sample, call, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
