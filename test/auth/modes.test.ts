import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AuthOptions } from '../../src/commands/auth/options.ts';
import { readTlsFiles } from '../../src/commands/tls.ts';
import { askTls } from './ask-tls.ts';
import { type Certificates, makeCertificates, requireOpenssl } from './certificates.ts';
import { askRaw, FLAGS, type Guarded, openGuarded } from './guarded.ts';
import { newKey, sign, startIdentityProvider } from './identity-provider.ts';

/** Whoever is known may do everything. */
const ROLES = 'test/auth/any-roles.yaml';

const ANYONE = { name: 'system:anonymous', groups: ['system:unauthenticated'], by: 'anonymous' };
const OK = { status: 200, message: undefined };

describe('without a mode', () => {
  test.each([
    ['nothing', []],
    ['a token', ['Authorization: Bearer a.b.c']],
    ['a token twice', ['Authorization: Bearer a.b.c', 'Authorization: Bearer d.e.f']],
    ['what is no token', ['Authorization: Basic \xff']],
    ['the headers of a proxy', ['X-Forwarded-User: root', 'X-Forwarded-Groups: admins', 'X-Remote-User: root']],
  ])('who shows %s is nobody, and let in', async (_what, headers) => {
    await using gateway = await openGuarded({});
    expect(await askRaw(gateway.url, ...headers)).toMatch(/^HTTP\/1.1 200 /);
    expect(gateway.callers).toEqual([ANYONE]);
  });
});

describe('a proxy on this machine', () => {
  let gateway: Guarded;
  beforeAll(async () => {
    gateway = await openGuarded({ auth: ['proxy', 'none'], trustedProxy: ['loopback'], roles: ROLES });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test.each<[string, readonly string[], object]>([
    ['a user', ['X-Forwarded-User: alice'], { name: 'alice', groups: [], by: 'proxy' }],
    [
      'a user and groups, by commas and in several lines',
      ['x-forwarded-user: alice', 'x-forwarded-groups: a, b,,c', 'x-forwarded-groups: d'],
      { name: 'alice', groups: ['a', 'b', 'c', 'd'], by: 'proxy' },
    ],
    ['a name in UTF-8', [`X-Forwarded-User: ${latin1('Žofie')}`], { name: 'Žofie', groups: [], by: 'proxy' }],
    ['nobody', [], ANYONE],
    ['nobody, but groups', ['X-Forwarded-Groups: admins'], ANYONE],
    ['somebody by a header that was not chosen', ['X-Remote-User: alice', 'X_Forwarded_User: alice'], ANYONE],
  ])('names %s', async (_what, headers, caller) => {
    expect(await askRaw(gateway.url, ...headers)).toMatch(/^HTTP\/1.1 200 /);
    expect(gateway.callers.at(-1)).toEqual(caller);
  });

  test.each<[string, readonly string[]]>([
    ['two users', ['X-Forwarded-User: mallory', 'X-Forwarded-User: alice']],
    ['two users by a comma', ['X-Forwarded-User: mallory, alice']],
    ['an empty user', ['X-Forwarded-User:']],
    ['bytes that are no UTF-8', ['X-Forwarded-User: \xff\xfe']],
    ['a name that turns the writing', [`X-Forwarded-User: ${latin1('a\u202Elice')}`]],
  ])('names %s, which is refused', async (_what, headers) => {
    expect(await askRaw(gateway.url, ...headers)).toMatch(/^HTTP\/1.1 401 /);
  });

  function latin1(text: string): string {
    return Buffer.from(text, 'utf8').toString('latin1');
  }
});

describe('several modes', () => {
  test('are tried in their order; who shows what is not valid is never nobody', async () => {
    const mine = await newKey('mine');
    const theirs = await newKey('theirs');
    await using one = await startIdentityProvider(mine);
    await using other = await startIdentityProvider(theirs);
    const flags: Partial<AuthOptions> = {
      auth: ['proxy', 'jwt', 'none'],
      trustedProxy: ['loopback'],
      jwtIssuer: [one.issuer, other.issuer],
      jwtAudience: ['modelgraph'],
      roles: ROLES,
    };
    await using gateway = await openGuarded(flags);
    const token = await sign(mine, { iss: one.issuer });
    expect(await gateway.show(token)).toEqual(OK);
    expect(await gateway.show(await sign(theirs, { iss: other.issuer, sub: 'bob' }))).toEqual(OK);
    expect(await gateway.ask({ authorization: `Bearer ${token}`, 'x-forwarded-user': 'carol' })).toEqual(OK);
    expect(await gateway.ask()).toEqual(OK);
    expect(gateway.callers.map(({ name }) => name)).toEqual(['alice', 'bob', 'carol', ANYONE.name]);
    // One issuer's key says nothing about the other's people.
    expect((await gateway.show(await sign(mine, { iss: other.issuer }))).status).toBe(401);
    expect((await gateway.ask({ authorization: 'Bearer x' })).status).toBe(401);
    expect((await gateway.ask({ authorization: 'Basic x' })).status).toBe(401);
    other.failing = 500;
    gateway.later(60_000);
    expect((await gateway.show(await sign(await newKey('new'), { iss: other.issuer }))).status).toBe(503);
  });
});

test('where one mode refuses and another cannot be asked, nothing is known: 503', async () => {
  const key = await newKey('a');
  await using provider = await startIdentityProvider(key);
  const gone = await startIdentityProvider();
  await gone[Symbol.asyncDispose]();
  await using gateway = await openGuarded({
    auth: ['jwt', 'authorino', 'none'],
    jwtIssuer: [provider.issuer],
    jwtAudience: ['modelgraph'],
    authorinoUrl: gone.issuer,
    roles: ROLES,
  });
  expect((await gateway.show('x')).status).toBe(503);
  expect(await gateway.show(await sign(key, { iss: provider.issuer }))).toEqual(OK);
  expect(await gateway.ask()).toEqual(OK);
});

const missing = requireOpenssl();

describe.skipIf(missing !== undefined)(`over TLS ${missing ?? ''}`, () => {
  let made: Certificates;
  beforeAll(() => {
    made = makeCertificates();
  });
  afterAll(() => made[Symbol.dispose]());

  const open = (flags: Partial<AuthOptions>) => {
    const { cert: tlsCert, key: tlsKey, ca: tlsClientCa } = made.files;
    const options = { ...FLAGS, ...flags, roles: ROLES, tlsCert, tlsKey, tlsClientCa };
    const tls = readTlsFiles(options);
    return openGuarded(options, tls ? { tls } : {});
  };

  test('a client certificate says who it is, where our authority has signed it', async () => {
    await using gateway = await open({ auth: ['certificate'] });
    const { ca } = made;
    expect(gateway.url).toMatch(/^https:/);
    expect(await askTls(gateway.url, { ca, ...made.client('/CN=alice/O=team-a/O=team-b') })).toMatchObject({
      status: 200,
    });
    expect(gateway.callers).toEqual([{ name: 'alice', groups: ['team-a', 'team-b'], by: 'certificate' }]);
    using foreign = makeCertificates();
    for (const client of [
      {},
      foreign.client('/CN=alice'),
      made.client('/CN=alice/CN=root'),
      made.client('/O=team-a'),
    ]) {
      expect(await askTls(gateway.url, { ca, ...client })).toMatchObject({ status: 401 });
    }
    expect((await askTls(gateway.url, { ca })).body).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test("a proxy is believed by the name of its certificate, and never takes it for a caller's", async () => {
    await using gateway = await open({ auth: ['proxy', 'certificate'], trustedProxy: ['front'] });
    const { ca } = made;
    const [front, other] = [made.client('/CN=front'), made.client('/CN=other')];
    const named = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'team-a' };
    expect(await askTls(gateway.url, { ca, ...front }, named)).toMatchObject({ status: 200 });
    expect(await askTls(gateway.url, { ca, ...front })).toMatchObject({ status: 401 });
    // From anyone else, this machine too, the headers mean nothing.
    expect(await askTls(gateway.url, { ca, ...other }, named)).toMatchObject({ status: 200 });
    expect(await askTls(gateway.url, { ca }, named)).toMatchObject({ status: 401 });
    using foreign = makeCertificates();
    expect(await askTls(gateway.url, { ca, ...foreign.client('/CN=front') }, named)).toMatchObject({ status: 401 });
    expect(gateway.callers).toEqual([
      { name: 'alice', groups: ['team-a'], by: 'proxy' },
      { name: 'other', groups: [], by: 'certificate' },
    ]);
  });
});
