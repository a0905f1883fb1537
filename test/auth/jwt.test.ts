import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { askRaw, type Guarded, openGuarded } from './guarded.ts';
import {
  AUDIENCE,
  EXTENSION,
  type IdentityProvider,
  newKey,
  type SigningKey,
  sign,
  startIdentityProvider,
} from './identity-provider.ts';

const INVALID = { status: 401, message: 'The token is not valid here.' };
const OK = { status: 200, message: undefined };
const AWAY = { status: 503, message: 'It cannot be found out now who you are; try again.' };
const now = () => Math.floor(Date.now() / 1_000);

const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-jwt-'));
const roles = 'test/auth/any-roles.yaml';

let keys: Record<'ec' | 'rsa' | 'ed' | 'foreign' | 'es384', SigningKey>;
let provider: IdentityProvider;
let gateway: Guarded;

const flags = (issuer: string) => ({ auth: ['jwt'], jwtIssuer: [issuer], jwtAudience: [AUDIENCE], roles }) as const;

beforeAll(async () => {
  keys = {
    ec: await newKey('ec'),
    rsa: await newKey('rsa', 'RS256'),
    ed: await newKey('ed', 'EdDSA'),
    foreign: await newKey('ec'),
    es384: await newKey('es384', 'ES384'),
  };
  provider = await startIdentityProvider(keys.ec, keys.rsa, keys.ed, keys.es384);
  gateway = await openGuarded(flags(provider.issuer));
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  folder.remove();
});

/** A token of the provider's own. */
const own = (claims: Readonly<Record<string, unknown>> = {}, header = {}, key = keys.ec) =>
  sign(key, { iss: provider.issuer, ...claims }, header);

describe('a token is taken', () => {
  const GOOD: readonly (readonly [string, () => Promise<string>])[] = [
    ['of ES256', () => own()],
    ['of RS256', () => own({}, {}, keys.rsa)],
    ['of EdDSA', () => own({}, {}, keys.ed)],
    ['with its audience among several', () => own({ aud: ['others', AUDIENCE] })],
    ['that expired 20 s ago', () => own({ exp: now() - 20 })],
    ['that holds from in 20 s on', () => own({ nbf: now() + 20, iat: now() + 20 })],
    ['without a type', () => own({}, { typ: undefined })],
    ['of the type at+jwt', () => own({}, { typ: 'application/at+jwt' })],
    ['with a jku that nobody follows', () => own({}, { jku: `${provider.issuer}/elsewhere` })],
    ['without groups', () => own({ groups: undefined })],
  ];
  test.each(GOOD)('%s', async (_name, token) => {
    expect(await gateway.show(await token())).toEqual(OK);
    expect(gateway.callers.at(-1)).toMatchObject({ name: 'alice', by: 'jwt' });
    expect(provider.asked).not.toContain('/elsewhere');
  });

  test.each(['bearer', 'BEARER', 'Bearer  '])('behind the scheme %j', async (scheme) => {
    expect(await gateway.ask({ authorization: `${scheme} ${await own()}` })).toEqual(OK);
  });

  test('and names groups, and people in all writings', async () => {
    expect(await gateway.show(await own({ sub: 'Žofie 山田', groups: 'one' }))).toEqual(OK);
    expect(gateway.callers.at(-1)).toEqual({ name: 'Žofie 山田', groups: ['one'], by: 'jwt' });
  });
});

describe('a hostile token is refused, all with the same words', () => {
  const parts = (token: string) => token.split('.');
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const withHeader = async (header: object) => [base64(header), ...parts(await own()).slice(1)].join('.');
  const hmac = (header: object, claims: object, secret: string | Buffer) => {
    const signed = `${base64(header)}.${base64(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const claims = () => ({ sub: 'alice', iss: provider.issuer, aud: AUDIENCE, exp: now() + 300 });
  const pem = () => createPublicKey({ key: keys.rsa.publicJwk as JsonWebKey, format: 'jwk' });

  const HOSTILE: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['no signature', () => new UnsecuredJWT(claims()).encode()],
    ['alg none, with another signature', () => withHeader({ alg: 'none', kid: 'ec' })],
    ['alg NoNe', () => withHeader({ alg: 'NoNe', kid: 'ec' })],
    [
      'HS256 with the public key as PEM',
      () => hmac({ alg: 'HS256', kid: 'rsa' }, claims(), pem().export({ type: 'spki', format: 'pem' })),
    ],
    [
      'HS256 with the public key as DER',
      () => hmac({ alg: 'HS256', kid: 'rsa' }, claims(), pem().export({ type: 'spki', format: 'der' })),
    ],
    [
      'HS256 with the public key as JWK',
      () => hmac({ alg: 'HS256', kid: 'rsa' }, claims(), JSON.stringify(keys.rsa.publicJwk)),
    ],
    ['an algorithm that was not chosen', () => own({}, {}, keys.es384)],
    ['the key of another algorithm', () => withHeader({ alg: 'RS256', kid: 'ec' })],
    ['a foreign key under our kid', () => own({}, {}, keys.foreign)],
    ['another audience', () => own({ aud: 'others' })],
    ['an audience with our name in it', () => own({ aud: `${AUDIENCE} others` })],
    ['no audience', () => own({ aud: undefined })],
    ['another issuer', () => own({ iss: 'https://example.com' })],
    ['the issuer with a slash', () => own({ iss: `${provider.issuer}/` })],
    ['no issuer', () => own({ iss: undefined })],
    ['a list of issuers', () => own({ iss: [provider.issuer] })],
    ['an end 40 s ago', () => own({ exp: now() - 40 })],
    ['no end', () => own({ exp: undefined })],
    ['an end that is a text', () => own({ exp: `${now() + 300}` })],
    ['a beginning in 40 s', () => own({ nbf: now() + 40 })],
    ['made in 40 s', () => own({ iat: now() + 40 })],
    ['no name', () => own({ sub: undefined })],
    ['an empty name', () => own({ sub: '' })],
    ['a name that is a number', () => own({ sub: 7 })],
    ['a name with a line feed', () => own({ sub: 'alice\nroot' })],
    ['a name with a blank behind it', () => own({ sub: 'alice ' })],
    ['a name with a mark that turns the writing', () => own({ sub: 'a\u202Elice' })],
    ['a name of the cluster', () => own({ sub: 'system:admin' })],
    ['a group of the cluster', () => own({ groups: ['system:masters'] })],
    ['a group that is a number', () => own({ groups: [7] })],
    ['groups that are a map', () => own({ groups: { 0: 'admins' } })],
    ['a kid that is a path', () => own({}, { kid: '../../../../dev/null' })],
    ['a kid that is SQL', () => own({}, { kid: "' UNION SELECT 'key" })],
    ['a kid that is no text', () => own({}, { kid: ['ec'] })],
    ['its own key', () => own({}, { kid: 'mine', jwk: keys.foreign.publicJwk }, keys.foreign)],
    ['a jku with its own key', () => own({}, { kid: 'mine', jku: `${provider.issuer}/keys` }, keys.foreign)],
    ['an x5u', () => own({}, { kid: 'mine', x5u: `${provider.issuer}/keys` }, keys.foreign)],
    ['crit', async () => withHeader({ alg: 'ES256', kid: 'ec', crit: ['exp'], exp: 1 })],
    ['crit, signed', () => own({}, { crit: [EXTENSION], [EXTENSION]: 1 })],
    ['the type of a logout', () => own({}, { typ: 'logout+jwt' })],
    ['the type of a proof', () => own({}, { typ: 'dpop+jwt' })],
    [
      'a stripped signature',
      async () =>
        `${parts(await own())
          .slice(0, 2)
          .join('.')}.`,
    ],
    [
      'two parts',
      async () =>
        parts(await own())
          .slice(0, 2)
          .join('.'),
    ],
    ['five parts', async () => `${await own()}.a.b`],
    [
      'other claims',
      async () => [parts(await own())[0], base64({ ...claims(), sub: 'root' }), parts(await own())[2]].join('.'),
    ],
    ['more than 8 KiB', () => own({ groups: [...Array(600)].map((_, index) => `group-${index}`) })],
    ['no token at all', () => 'x'],
  ];

  test.each(HOSTILE)('%s', async (_name, token) => {
    const before = gateway.callers.length;
    expect(await gateway.show(await token())).toEqual(INVALID);
    expect(gateway.callers.length).toBe(before);
    expect(provider.asked.filter((path) => path === '/keys').length).toBeLessThanOrEqual(2);
  });

  test.each([
    ['two headers', async () => [`Authorization: Bearer ${await own()}`, `Authorization: Bearer ${await own()}`], 401],
    ['a good one and an empty one', async () => [`Authorization: Bearer ${await own()}`, 'Authorization:'], 401],
    ['two tokens', async () => [`Authorization: Bearer ${await own()} ${await own()}`], 401],
    ['two tokens by a comma', async () => [`Authorization: Bearer ${await own()}, Bearer ${await own()}`], 401],
    ['an empty header', async () => ['Authorization:'], 401],
    ['an empty token', async () => ['Authorization: Bearer '], 401],
    ['another scheme', async () => [`Authorization: Basic ${await own()}`], 401],
    ['no scheme', async () => [`Authorization: ${await own()}`], 401],
    ['a tab for a blank', async () => [`Authorization: Bearer\t${await own()}`], 401],
    ['bytes that are no ASCII', async () => [`Authorization: Bearer \xe9${await own()}`], 401],
    ['16 KiB and more', async () => [`Authorization: Bearer ${'x'.repeat(17_000)}`], 431],
    ['a line that is folded', async () => ['Authorization: Bearer', ` ${await own()}`], 400],
  ])('sent as %s', async (_name, headers, status) => {
    const answer = await askRaw(gateway.url, ...(await headers()));
    expect(answer.split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (status === 401) expect(answer).toMatch(/www-authenticate: Bearer error="invalid_token"/i);
  });

  test('and no token too, with other words', async () => {
    const answer = await askRaw(gateway.url);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toMatch(/\r\nwww-authenticate: Bearer\r\n/i);
    expect(answer).toContain('The request does not say who makes it; this gateway has to know.');
  });

  test('200 unknown kids cost one reading of the keys', async () => {
    await using fresh = await startIdentityProvider(keys.ec);
    await using own = await openGuarded(flags(fresh.issuer));
    const token = (kid: string) => sign(keys.ec, { iss: fresh.issuer }, { kid });
    expect(await own.show(await token('ec'))).toEqual(OK);
    own.later(60_000);
    const answers = await Promise.all([...Array(200)].map(async (_, index) => own.show(await token(`kid-${index}`))));
    expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
    expect(fresh.asked.filter((path) => path === '/keys').length).toBe(2);
  });
});

describe('keys', () => {
  test('that are new are found after the cooldown, those that are gone hold no longer than five minutes', async () => {
    const [old, young] = [await newKey('old'), await newKey('young')];
    await using own = await startIdentityProvider(old);
    await using guarded = await openGuarded(flags(own.issuer));
    const token = (key: SigningKey) => sign(key, { iss: own.issuer });
    expect(await guarded.show(await token(old))).toEqual(OK);
    own.keys.splice(0, 1, young);
    expect(await guarded.show(await token(young))).toEqual(INVALID);
    guarded.later(30_000);
    expect(await guarded.show(await token(young))).toEqual(OK);
    expect(await guarded.show(await token(old))).toEqual(INVALID);
    own.keys.splice(0, 1);
    guarded.later(299_000);
    expect(await guarded.show(await token(young))).toEqual(OK);
    guarded.later(2_000);
    expect(await guarded.show(await token(young))).toEqual(INVALID);
  });

  test('that are known hold for an hour while the provider is away; others are 503, and all heals', async () => {
    const [known, other] = [await newKey('known'), await newKey('other')];
    await using own = await startIdentityProvider(known, other);
    await using guarded = await openGuarded(flags(own.issuer));
    const token = (key: SigningKey) => sign(key, { iss: own.issuer });
    own.keys.splice(1, 1);
    expect(await guarded.show(await token(known))).toEqual(OK);
    own.failing = 500;
    guarded.later(400_000);
    expect(await guarded.show(await token(known))).toEqual(OK);
    expect(await guarded.show(await token(other))).toEqual(AWAY);
    guarded.later(3_100_000);
    expect(await guarded.show(await token(known))).toEqual(OK);
    guarded.later(200_000);
    expect(await guarded.show(await token(known))).toEqual(AWAY);
    own.failing = undefined;
    guarded.later(1_000);
    expect(await guarded.show(await token(known))).toEqual(OK);
  });

  test('of a provider that is away from the start are 503, and of one that gives itself another name', async () => {
    const key = await newKey('a');
    await using own = await startIdentityProvider(key);
    own.failing = 503;
    await using guarded = await openGuarded(flags(own.issuer));
    const token = await sign(key, { iss: own.issuer });
    expect(await guarded.show(token)).toEqual(AWAY);
    own.failing = undefined;
    own.calledBy = 'https://example.com';
    guarded.later(1_000);
    expect(await guarded.show(token)).toEqual(AWAY);
    own.calledBy = undefined;
    guarded.later(1_000);
    expect(await guarded.show(token)).toEqual(OK);
  });

  test('come from a file too, and a shared secret among them opens nothing', async () => {
    const secret = Buffer.from('a secret that is long enough for HS256');
    const jwks = join(folder.path, 'keys.json');
    const shared = { kty: 'oct', k: secret.toString('base64url'), kid: 'shared', alg: 'HS256' };
    writeFileSync(jwks, JSON.stringify({ keys: [keys.ec.publicJwk, shared] }));
    const issuer = 'https://issuer.example.com';
    await using guarded = await openGuarded({ ...flags(issuer), jwtJwks: jwks, jwtPrefix: 'corp:' });
    expect(await guarded.show(await sign(keys.ec, { iss: issuer, sub: 'system:serviceaccount:a:b' }))).toEqual(OK);
    expect(guarded.callers.at(-1)).toMatchObject({
      name: 'corp:system:serviceaccount:a:b',
      groups: ['corp:data-science'],
    });
    const symmetric = new SignJWT({ sub: 'alice', iss: issuer, aud: AUDIENCE, exp: now() + 60 });
    const token = await symmetric.setProtectedHeader({ alg: 'HS256', kid: 'shared' }).sign(secret);
    expect(await guarded.show(token)).toEqual(INVALID);
  });
});
