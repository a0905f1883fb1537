import { type ChannelCredentials, Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Caller } from '../../src/auth/caller.ts';
import { openPolicy } from '../../src/commands/auth/open-policy.ts';
import type { AuthOptions } from '../../src/commands/auth/options.ts';
import { readTlsFiles } from '../../src/commands/tls.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import { createLog } from '../../src/observe.ts';
import { openFolder } from '../store-file-rig.ts';
import { type Certificates, makeCertificates, requireOpenssl } from './certificates.ts';
import { FLAGS } from './guarded.ts';
import { type IdentityProvider, newKey, type SigningKey, sign, startIdentityProvider } from './identity-provider.ts';

const ROLES = 'test/auth/any-roles.yaml';
const GET_TYPES = '/ml_metadata.MetadataStoreService/GetArtifactTypes';
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const HEALTH = '/grpc.health.v1.Health/Check';

describe('over gRPC', () => {
  let key: SigningKey;
  let provider: IdentityProvider;
  let rig: Awaited<ReturnType<typeof openGrpc>>;
  const token = (claims = {}) => sign(key, { iss: provider.issuer, ...claims });
  beforeAll(async () => {
    key = await newKey('a');
    provider = await startIdentityProvider(key);
    rig = await openGrpc({
      auth: ['jwt', 'proxy'],
      jwtIssuer: [provider.issuer],
      jwtAudience: ['modelgraph'],
      trustedProxy: ['loopback'],
    });
  });
  afterAll(async () => {
    await rig[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  test.each<[string, string, () => Promise<readonly (readonly [string, string])[]>, number]>([
    ['an RPC with a token', GET_TYPES, async () => [['authorization', `Bearer ${await token()}`]], status.OK],
    ['an RPC without one', GET_TYPES, async () => [], status.UNAUTHENTICATED],
    ['an RPC with a wrong one', GET_TYPES, async () => [['authorization', 'Bearer x']], status.UNAUTHENTICATED],
    [
      'an RPC with an old one',
      GET_TYPES,
      async () => [['authorization', `Bearer ${await token({ exp: 1 })}`]],
      status.UNAUTHENTICATED,
    ],
    [
      'an RPC with two by a comma',
      GET_TYPES,
      async () => [['authorization', `Bearer ${await token()}, Bearer ${await token()}`]],
      status.UNAUTHENTICATED,
    ],
    ['an RPC of a proxy on this machine', GET_TYPES, async () => [['x-forwarded-user', 'alice']], status.OK],
    ['reflection without a token', REFLECTION, async () => [], status.UNAUTHENTICATED],
    ['reflection with one', REFLECTION, async () => [['authorization', `Bearer ${await token()}`]], status.OK],
    ['health without one', HEALTH, async () => [], status.OK],
  ])('%s', async (_what, path, shown, code) => {
    expect((await rig.call(path, await shown())).code).toBe(code);
  });

  test('the texts are those of HTTP', async () => {
    expect(await rig.call(GET_TYPES, [['authorization', 'Bearer x']])).toEqual({
      code: status.UNAUTHENTICATED,
      details: 'The token is not valid here.',
    });
  });

  test('where the keys cannot be read it is UNAVAILABLE', async () => {
    const other = await startIdentityProvider();
    await other[Symbol.asyncDispose]();
    await using away = await openGrpc({ auth: ['jwt'], jwtIssuer: [other.issuer], jwtAudience: ['modelgraph'] });
    const shown = [['authorization', `Bearer ${await sign(key, { iss: other.issuer })}`]] as const;
    expect(await away.call(GET_TYPES, shown)).toEqual({
      code: status.UNAVAILABLE,
      details: 'It cannot be found out now who you are; try again.',
    });
  });
});

const missing = requireOpenssl();

describe.skipIf(missing !== undefined)(`over gRPC with TLS ${missing ?? ''}`, () => {
  let made: Certificates;
  beforeAll(() => {
    made = makeCertificates();
  });
  afterAll(() => made[Symbol.dispose]());

  test('a client certificate says who it is; who has none may ask for health', async () => {
    const { cert: tlsCert, key: tlsKey, ca: tlsClientCa } = made.files;
    await using rig = await openGrpc({ auth: ['certificate'], tlsCert, tlsKey, tlsClientCa });
    using foreign = makeCertificates();
    const ssl = ({ cert = null, key = null }: { cert?: Buffer | null; key?: Buffer | null } = {}) =>
      credentials.createSsl(made.ca, key, cert);
    expect(await rig.call(GET_TYPES, [], ssl(made.client('/CN=trainer/O=team-a')))).toMatchObject({ code: status.OK });
    expect(rig.callers).toEqual([{ name: 'trainer', groups: ['team-a'], by: 'certificate' }]);
    expect(await rig.call(GET_TYPES, [], ssl())).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await rig.call(GET_TYPES, [], ssl(foreign.client('/CN=trainer')))).toMatchObject({
      code: status.UNAUTHENTICATED,
    });
    expect(await rig.call(HEALTH, [], ssl())).toMatchObject({ code: status.OK });
    expect(await rig.call(HEALTH, [], credentials.createInsecure())).toMatchObject({ code: status.UNAVAILABLE });
  });

  test('without authorities of clients it is TLS alone', async () => {
    const { cert: tlsCert, key: tlsKey } = made.files;
    await using rig = await openGrpc({ tlsCert, tlsKey });
    expect(await rig.call(GET_TYPES, [], credentials.createSsl(made.ca))).toMatchObject({ code: status.OK });
  });
});

/** An empty store over gRPC with the policy that these flags mean. */
async function openGrpc(flags: Partial<AuthOptions>) {
  await using opening = new AsyncDisposableStack();
  const options = { ...FLAGS, ...flags, ...(flags.auth && { roles: ROLES }) };
  const { policy, ...opened } = await openPolicy({ host: '127.0.0.1', options, log: createLog('silent') });
  opening.defer(() => opened[Symbol.dispose]());
  const { store } = await openStore({ db: opening.use(openFolder()).file('store.db') });
  opening.defer(() => store.close());
  const callers: Caller[] = [];
  const server = await serveMetadata({
    store,
    host: '127.0.0.1',
    port: 0,
    tls: readTlsFiles(options),
    async storeFor(shown) {
      callers.push(await policy.authenticate(shown));
      return store;
    },
    onFailure: () => {},
  });
  opening.defer(() => server.close());
  const stack = opening.move();
  return {
    callers,
    async call(path: string, shown: readonly (readonly [string, string])[], by = credentials.createInsecure()) {
      return callOnce(server.port, path, shown, by);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The status of a call, which all take and give one message at most. */
async function callOnce(
  port: number,
  path: string,
  shown: readonly (readonly [string, string])[],
  by: ChannelCredentials,
): Promise<{ readonly code: number; readonly details: string }> {
  const asIs = (bytes: Buffer) => bytes;
  const metadata = new Metadata();
  for (const [name, value] of shown) metadata.add(name, value);
  const client = new Client(`localhost:${port}`, by);
  const ended = Promise.withResolvers<{ code: number; details: string }>();
  const call = client.makeBidiStreamRequest(path, asIs, asIs, metadata, { deadline: Date.now() + 20_000 });
  call.on('data', () => {});
  call.on('error', () => {});
  call.on('status', ({ code, details }) => ended.resolve({ code, details: code === status.OK ? '' : details }));
  call.end(Buffer.alloc(0));
  return ended.promise.finally(() => client.close());
}
