import { readFile } from 'node:fs/promises';

import type { AskHttp } from '../ask-http.ts';

/** A JSON Web Key Set as it was found; whoever uses it checks it. */
export type ReadKeys = () => Promise<unknown>;

/** Reads the keys from a file, or from an address. */
export function keysAt(ask: AskHttp, place: string): ReadKeys {
  if (!URL.canParse(place)) return async () => JSON.parse(await readFile(place, 'utf8'));
  return () => getJson(ask, checked(place));
}

/** Reads the keys from where the issuer says that they are (OpenID Connect Discovery 1.0, 4). */
export function keysOfIssuer(ask: AskHttp, issuer: string): ReadKeys {
  return async () => {
    const found = await getJson(ask, checked(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    const { issuer: named, jwks_uri: keys } = Object(found);
    if (named !== issuer) throw new Error(`The issuer ${issuer} calls itself ${String(named)}.`);
    return getJson(ask, checked(String(keys)));
  };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Keys that came over plain HTTP could be anybody's. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return isSecure && username === '' && password === '';
}

function checked(text: string): URL {
  if (!isSafeUrl(text)) throw new Error(`${text} is not an https address.`);
  return new URL(text);
}

async function getJson(ask: AskHttp, url: URL): Promise<unknown> {
  const { status, text } = await ask({ method: 'GET', url });
  if (status !== 200) throw new Error(`${url.href} answered ${status}.`);
  return JSON.parse(text);
}
