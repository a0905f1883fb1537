import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';

import { registryErrorIn } from '../../errors.ts';
import { bearerToken } from '../bearer-token.ts';
import type { Caller } from '../caller.ts';
import { areKnownNames, isKnownName } from '../known-name.ts';
import type { Mode } from '../mode.ts';
import { invalidToken } from '../refusals.ts';
import type { JwtSettings } from './settings.ts';

/** Seconds that clocks may differ by. */
const SKEW_S = 30;

/** What a token may call itself (RFC 7519, 5.1; RFC 9068): others were made for another end. */
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'AT+JWT']);

/** Knows callers by a token that one of the issuers has signed. `keys` has the keys of each. */
export function jwtMode(settings: JwtSettings, keys: ReadonlyMap<string, JWTVerifyGetKey>): Mode {
  return async (credentials) => {
    const token = bearerToken(credentials);
    if (token === undefined) return undefined;
    try {
      return toCaller(settings, await verify(settings, keys, token));
    } catch (error) {
      throw registryErrorIn(error) ?? invalidToken(error);
    }
  };
}

async function verify(
  { audiences, algorithms, nameClaim }: JwtSettings,
  keys: ReadonlyMap<string, JWTVerifyGetKey>,
  token: string,
): Promise<JWTPayload> {
  const issuer = decodeJwt(token).iss ?? '';
  const keySet = keys.get(issuer);
  if (!keySet) throw new Error('The issuer is not one of ours.');
  // Keys are the issuer's alone: what a token says of keys (jwk, jku, x5u, x5c) is not looked at.
  const { payload, protectedHeader } = await jwtVerify(token, keySet, {
    algorithms: [...algorithms],
    issuer,
    audience: [...audiences],
    requiredClaims: ['exp', nameClaim],
    clockTolerance: SKEW_S,
  });
  const type = protectedHeader.typ?.toUpperCase().replace(/^APPLICATION\//, '');
  if (!TYPES.has(type)) throw new Error('The token is of another type.');
  const { iat = 0 } = payload;
  if (iat > Date.now() / 1_000 + SKEW_S) throw new Error('The token is from the future.');
  return payload;
}

function toCaller({ nameClaim, groupsClaim, prefix }: JwtSettings, payload: JWTPayload): Caller {
  const claimed = payload[groupsClaim] ?? [];
  const groups: unknown = typeof claimed === 'string' ? [claimed] : claimed;
  const name = payload[nameClaim];
  if (!isKnownName(name) || !areKnownNames(groups)) throw new Error('The claims are no names.');
  const [first = '', ...others] = [name, ...groups].map((each) => `${prefix}${each}`);
  // Names of a cluster's own, some of which may do everything there.
  if ([first, ...others].some((each) => each.startsWith('system:'))) throw new Error('A name begins with system:.');
  return { name: first, groups: others, by: 'jwt' };
}
