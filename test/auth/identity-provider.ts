import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A key of an identity provider. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** An OpenID Connect provider on this machine, as far as keys go. `await using` ends it. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  /** The keys that it shows; a test changes them. */
  readonly keys: SigningKey[];
  /** The paths that it was asked for. */
  readonly asked: string[];
  /** What it answers in place of what was asked: a status. */
  failing: number | undefined;
  /** What it calls itself, where that is not its address. */
  calledBy: string | undefined;
}

/** A new key pair. */
export async function newKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Starts a provider with these keys. */
export async function startIdentityProvider(...keys: SigningKey[]): Promise<IdentityProvider> {
  const provider = { keys, asked: [] as string[], failing: undefined, calledBy: undefined } as {
    keys: SigningKey[];
    asked: string[];
    failing: number | undefined;
    calledBy: string | undefined;
  };
  const server = createServer(({ url = '' }, response) => {
    provider.asked.push(url);
    if (provider.failing !== undefined) return response.writeHead(provider.failing).end('{}');
    const issuer = addressOf();
    const answers: Readonly<Record<string, unknown>> = {
      '/.well-known/openid-configuration': { issuer: provider.calledBy ?? issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys: provider.keys.map(({ publicJwk }) => publicJwk) },
    };
    return response.writeHead(url in answers ? 200 : 404).end(JSON.stringify(answers[url] ?? {}));
  });
  const addressOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(provider, {
    issuer: addressOf(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  });
}

/** An extension that a token may say has to be understood, and nobody does. */
export const EXTENSION = 'https://example.com/extension';

/** The audience of the tokens that {@link sign} makes. */
export const AUDIENCE = 'modelgraph';

/** A token of the provider's for `alice`, with other claims and other headers where they are given. */
export async function sign(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const all = { sub: 'alice', aud: AUDIENCE, iat: now, exp: now + 300, groups: ['data-science'], ...claims };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(given)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
    .sign(key.privateKey, { crit: { [EXTENSION]: true } });
}
