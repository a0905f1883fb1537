import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';

import type { Clock } from '../answer-cache.ts';
import { cannotAuthenticate } from '../refusals.ts';
import type { ReadKeys } from './read-keys.ts';

/** How the keys of an issuer are read. */
export interface KeySetOptions {
  readonly read: ReadKeys;
  readonly clock: Clock;
  /** Is told of keys that could not be read. */
  readonly onFailure: (error: unknown) => void;
}

/** After that, keys are read anew before they are used: so long a key that was taken back is valid. Milliseconds. */
const FRESH_MS = 300_000;

/** So long keys are used while they cannot be read anew. */
const KEPT_MS = 3_600_000;

/** A key that is not there makes the keys be read anew, but not sooner than this after the last time. */
const COOLDOWN_MS = 30_000;

/** The same where the last time failed. */
const RETRY_MS = 1_000;

/**
 * The keys of an issuer, read when they are needed. Rejects with UNAVAILABLE where a key is not known and the keys cannot
 * be read, with jose's own error where there is no such key.
 */
export function createKeySet({ read, clock, onFailure }: KeySetOptions): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: { readonly cause: unknown } | undefined;
  let reading: Promise<void> | undefined;

  /** Never rejects. */
  async function readNow(): Promise<void> {
    triedAt = clock();
    try {
      keys = createLocalJWKSet((await read()) as Parameters<typeof createLocalJWKSet>[0]);
      readAt = clock();
      failure = undefined;
    } catch (cause) {
      failure = { cause };
      onFailure(cause);
    } finally {
      reading = undefined;
    }
  }

  /** Reads the keys unless that was just done. */
  async function refresh(): Promise<void> {
    if (!reading && clock() - triedAt >= (failure ? RETRY_MS : COOLDOWN_MS)) reading = readNow();
    await reading;
  }

  return async (header, token) => {
    if (clock() - readAt >= FRESH_MS) {
      const refreshed = refresh();
      // In an outage nobody waits whose key is known.
      if (!failure || clock() - readAt >= KEPT_MS) await refreshed;
    }
    if (!keys || clock() - readAt >= KEPT_MS) throw cannotAuthenticate(failure?.cause);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await refresh();
    if (failure) throw cannotAuthenticate(failure.cause);
    return keys(header, token);
  };
}
