import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { FileDescriptorProto } from '../../src/generated/proto/google/protobuf/descriptor.ts';
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthListResponse,
} from '../../src/generated/proto/grpc/health/v1/health.ts';
import {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '../../src/generated/proto/grpc/reflection/v1/reflection.ts';
import { openServed } from './serve-rig.ts';

const HEALTH = '/grpc.health.v1.Health';
const [UNKNOWN_STATUS, SERVING, NOT_SERVING, SERVICE_UNKNOWN] = [0, 1, 2, 3];
const MLMD = 'ml_metadata.MetadataStoreService';

describe('health', () => {
  test.each([
    ['', undefined, status.OK, SERVING],
    [MLMD, undefined, status.OK, SERVING],
    ['', new RegistryError('UNAVAILABLE', 'Away.'), status.OK, SERVING],
    [MLMD, new RegistryError('UNAVAILABLE', 'Away.'), status.OK, NOT_SERVING],
    ['other', undefined, status.NOT_FOUND, UNKNOWN_STATUS],
  ])("of '%s' where the store says %s", async (service, fault, code, expected) => {
    await using rig = await openServed((store) =>
      fault ? { ...store, getContextsById: () => Promise.reject(fault) } : store,
    );
    const outcome = await rig.call(`${HEALTH}/Check`, toBytes(HealthCheckRequest.encode({ service })));
    expect(outcome.code).toBe(code);
    expect(HealthCheckResponse.decode(outcome.bytes).status ?? 0).toBe(expected);
  });

  test('of all services', async () => {
    await using rig = await openServed();
    const { bytes } = await rig.call(`${HEALTH}/List`, Buffer.alloc(0));
    const serving = { status: SERVING };
    expect(HealthListResponse.decode(bytes).statuses).toEqual(
      new Map([
        ['', serving],
        [MLMD, serving],
      ]),
    );
  });

  test.each(['', MLMD])(
    "of '%s' is NOT_SERVING while the server drains, which answers all the same",
    async (service) => {
      await using rig = await openServed();
      rig.server.drain();
      const outcome = await rig.call(`${HEALTH}/Check`, toBytes(HealthCheckRequest.encode({ service })));
      expect(HealthCheckResponse.decode(outcome.bytes).status).toBe(NOT_SERVING);
      expect((await rig.call(`/${MLMD}/GetArtifacts`, Buffer.alloc(0))).code).toBe(status.OK);
    },
  );

  test.each([
    ['', [SERVING, NOT_SERVING]],
    ['other', [SERVICE_UNKNOWN, NOT_SERVING]],
  ])("of '%s' is watched until the server stops, which does not wait for that", async (service, expected) => {
    await using rig = await openServed();
    const asIs = (bytes: Buffer) => bytes;
    const request = toBytes(HealthCheckRequest.encode({ service }));
    const seen: (number | undefined)[] = [];
    const watch = rig.client.makeServerStreamRequest(`${HEALTH}/Watch`, asIs, asIs, request);
    for await (const bytes of watch) {
      if (seen.push(HealthCheckResponse.decode(bytes).status) === 1) void rig.server.close();
    }
    expect(seen).toEqual(expected);
  });
});

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  let rig: Awaited<ReturnType<typeof openServed>>;
  beforeAll(async () => {
    rig = await openServed();
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  const ask = async (request: ServerReflectionRequest): Promise<ServerReflectionResponse | undefined> => {
    const asIs = (bytes: Buffer) => bytes;
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const stream = rig.client.makeBidiStreamRequest(path, asIs, asIs);
    stream.end(toBytes(ServerReflectionRequest.encode(request)));
    const answers: ServerReflectionResponse[] = [];
    for await (const bytes of stream) answers.push(ServerReflectionResponse.decode(bytes));
    expect(answers).toHaveLength(1);
    expect(answers[0]?.originalRequest).toEqual(request);
    return answers[0];
  };
  const set = readFileSync('src/generated/descriptors.binpb');

  test('names the services', async () => {
    const answer = await ask({ listServices: '*' });
    expect(answer?.listServicesResponse?.service.map(({ name }) => name)).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      MLMD,
    ]);
  });

  test.each([
    ['a file', { fileByFilename: 'ml_metadata/proto/metadata_store_service.proto' }, 'metadata_store_service.proto', 6],
    ['a service', { fileContainingSymbol: MLMD }, 'metadata_store_service.proto', 6],
    ['a method', { fileContainingSymbol: `${MLMD}.PutExecution` }, 'metadata_store_service.proto', 6],
    ['a message', { fileContainingSymbol: 'ml_metadata.Artifact' }, 'metadata_store.proto', 4],
    ['a field', { fileContainingSymbol: 'ml_metadata.Artifact.uri' }, 'metadata_store.proto', 4],
    ['an enum in a message', { fileContainingSymbol: 'ml_metadata.Event.Type' }, 'metadata_store.proto', 4],
    ['its value', { fileContainingSymbol: 'ml_metadata.Event.INPUT' }, 'metadata_store.proto', 4],
    [
      'an extension',
      { fileContainingExtension: { containingType: 'google.protobuf.EnumValueOptions', extensionNumber: 384560917 } },
      'metadata_store.proto',
      4,
    ],
  ])('gives the files for %s, byte for byte, with what they import', async (_name, request, file, count) => {
    const files = (await ask(request))?.fileDescriptorResponse?.fileDescriptorProto ?? [];
    expect(FileDescriptorProto.decode(files[0] ?? Buffer.alloc(0)).name).toMatch(new RegExp(`/${file}$`));
    expect(files).toHaveLength(count);
    expect(files.every((bytes) => set.includes(bytes))).toBe(true);
  });

  test('gives the numbers of extensions', async () => {
    const answer = await ask({ allExtensionNumbersOfType: 'google.protobuf.EnumValueOptions' });
    expect(answer?.allExtensionNumbersResponse?.extensionNumber).toEqual([384560917]);
    expect((await ask({ allExtensionNumbersOfType: 'ml_metadata.Artifact' }))?.allExtensionNumbersResponse).toEqual({
      baseTypeName: 'ml_metadata.Artifact',
      extensionNumber: [],
    });
  });

  test.each([
    [{ fileByFilename: 'none.proto' }, status.NOT_FOUND],
    [{ fileContainingSymbol: 'ml_metadata.None' }, status.NOT_FOUND],
    [{ fileContainingExtension: { containingType: 'ml_metadata.Artifact', extensionNumber: 1 } }, status.NOT_FOUND],
    [{ allExtensionNumbersOfType: 'ml_metadata.None' }, status.NOT_FOUND],
    [{}, status.UNIMPLEMENTED],
  ])('says that there is no %s', async (request, code) => {
    expect((await ask(request))?.errorResponse?.errorCode).toBe(code);
  });
});

function toBytes(writer: { finish(): Uint8Array }): Buffer {
  return Buffer.from(writer.finish());
}
