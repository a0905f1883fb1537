import type { Clock } from '../answer-cache.ts';
import type { AskHttp } from '../ask-http.ts';
import type { Mode } from '../mode.ts';
import { jwtMode } from './jwt-mode.ts';
import { createKeySet } from './key-set.ts';
import { keysAt, keysOfIssuer } from './read-keys.ts';
import type { JwtSettings } from './settings.ts';

/** Where the keys come from, and who is told of what goes wrong. */
export interface JwtModeOptions {
  readonly settings: JwtSettings;
  /** An address or a file in place of what the one issuer says. */
  readonly jwks?: string | undefined;
  readonly ask: AskHttp;
  readonly clock: Clock;
  readonly onFailure: (issuer: string, error: unknown) => void;
}

/** Knows callers by the tokens of the issuers. Nothing is read before the first token comes. */
export function openJwtMode({ settings, jwks, ask, clock, onFailure }: JwtModeOptions): Mode {
  const keys = settings.issuers.map((issuer) => {
    const read = jwks === undefined ? keysOfIssuer(ask, issuer) : keysAt(ask, jwks);
    return [issuer, createKeySet({ read, clock, onFailure: (error) => onFailure(issuer, error) })] as const;
  });
  return jwtMode(settings, new Map(keys));
}
