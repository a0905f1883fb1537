import { Server, ServerCredentials, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';

import { MetadataStoreServiceService } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { connectRemoteStore } from '../../src/mlmd/remote/client.ts';
import { isRepeatable, serviceConfig } from '../../src/mlmd/remote/retry.ts';
import { RPC_NAMES, wireName } from '../../src/mlmd/store.ts';

describe('the retry table', () => {
  const lists = serviceConfig().methodConfig.map(({ name, retryPolicy }) => ({
    methods: name.map(({ method }) => method),
    statuses: retryPolicy?.retryableStatusCodes,
  }));

  test('has every RPC in exactly one list', () => {
    const listed = lists.flatMap(({ methods }) => methods);
    expect(listed.toSorted()).toEqual(RPC_NAMES.map(wireName).toSorted());
  });

  test('repeats after an unknown outcome only what may be done twice', () => {
    const repeatable = lists.find(({ statuses }) => statuses?.includes('UNAVAILABLE'))?.methods;
    expect(repeatable?.filter((method) => !method?.startsWith('Get'))).toEqual([
      'PutArtifactType',
      'PutExecutionType',
      'PutContextType',
      'PutTypes',
      'PutAttributionsAndAssociations',
    ]);
    expect(RPC_NAMES.filter((name) => !isRepeatable(name))).toEqual([
      'putArtifacts',
      'putExecutions',
      'putEvents',
      'putExecution',
      'putLineageSubgraph',
      'putContexts',
      'putParentContexts',
    ]);
  });
});

/** The engine cannot be made to fail so; a bare gRPC server shows that grpc-js takes the configuration as it is meant. */
describe('a server that fails', { timeout: 60_000 }, () => {
  test.each([
    [status.UNAVAILABLE, 4, 1],
    [status.ABORTED, 4, 5],
    [status.INTERNAL, 1, 1],
  ])('with status %i sees a read %i times and a write %i times', async (code, reads, writes) => {
    await using server = await failingServer(code);
    const store = connectRemoteStore({ host: '127.0.0.1', port: server.port, defaultTimeoutMs: 30_000 });
    await expect(store.getArtifactTypes({})).rejects.toThrow();
    await expect(store.putArtifacts({ artifacts: [] })).rejects.toThrow();
    await store.close();
    expect(server.calls).toEqual({ GetArtifactTypes: reads, PutArtifacts: writes });
  });
});

async function failingServer(code: status) {
  const calls: Record<string, number> = {};
  const server = new Server();
  server.addService(MetadataStoreServiceService, failing(code, calls));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  const port = await promise;
  return { port, calls, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

function failing(code: status, calls: Record<string, number>): UntypedServiceImplementation {
  const fail =
    (name: string): UntypedServiceImplementation[string] =>
    (_call: unknown, callback: Callback) => {
      calls[name] = (calls[name] ?? 0) + 1;
      callback({ code, details: 'failing' });
    };
  return Object.fromEntries(RPC_NAMES.map((name) => [name, fail(wireName(name))]));
}

type Callback = (error: { code: status; details: string }) => void;
