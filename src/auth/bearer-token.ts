import type { Credentials } from './credentials.ts';
import { invalidToken } from './refusals.ts';

/** Bytes of a token at most; those of identity providers have 1 to 4 KiB. */
export const MAX_TOKEN = 8_192;

/** RFC 6750, 2.1: the scheme in any letters, one token after it. */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/**
 * The token that a request shows; undefined where it has no Authorization header. UNAUTHENTICATED for any other header
 * than one with one token of a fit size.
 */
export function bearerToken(credentials: Credentials): string | undefined {
  const [header, ...more] = credentials.values('authorization');
  if (header === undefined) return undefined;
  const token = header.length > MAX_TOKEN + 'Bearer '.length ? undefined : BEARER.exec(header)?.[1];
  if (token === undefined || token.length > MAX_TOKEN || more.length > 0) throw invalidToken();
  return token;
}
