import { type Clock, createAnswerCache, KEEP_TOKEN_MS, type OnAnswer } from '../answer-cache.ts';
import { bearerToken } from '../bearer-token.ts';
import type { Caller } from '../caller.ts';
import { hashOf } from '../hash-of.ts';
import { areKnownNames, isKnownName } from '../known-name.ts';
import type { Mode } from '../mode.ts';
import { cannotAuthenticate, invalidToken } from '../refusals.ts';
import type { CreateReview, ReviewStatus } from './create-review.ts';

/** How tokens are reviewed. */
export interface TokenReviewOptions {
  readonly review: CreateReview;
  /** A token has to be meant for one of them. */
  readonly audiences: readonly string[];
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
  readonly onAnswer?: OnAnswer | undefined;
}

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';

/** Knows callers by a token that the cluster knows, such as those of service accounts. */
export function tokenReviewMode({ review, audiences, clock, onFailure, onAnswer }: TokenReviewOptions): Mode {
  const cached = createAnswerCache<Caller | undefined>({
    clock,
    keepMs: (caller) => (caller ? KEEP_TOKEN_MS.yes : KEEP_TOKEN_MS.no),
    onAnswer,
  });

  async function reviewed(token: string): Promise<Caller | undefined> {
    const apiVersion = 'authentication.k8s.io/v1';
    try {
      const status = await review(PATH, { apiVersion, kind: 'TokenReview', spec: { token, audiences } });
      return toCaller(status, audiences);
    } catch (error) {
      onFailure(error);
      throw cannotAuthenticate(error);
    }
  }

  return async (credentials) => {
    const token = bearerToken(credentials);
    if (token === undefined) return undefined;
    const caller = await cached(hashOf(token), () => reviewed(token));
    if (!caller) throw invalidToken();
    return caller;
  };
}

/** Undefined for a token that is not valid, or meant for others. */
function toCaller({ authenticated, audiences, user }: ReviewStatus, wanted: readonly string[]): Caller | undefined {
  if (authenticated !== true) return undefined;
  // A server that knows no audiences names none: its yes means nothing here.
  if (!Array.isArray(audiences) || !audiences.some((each) => wanted.includes(each))) return undefined;
  const { username, groups = [], uid, extra = {} } = Object(user);
  if (!isKnownName(username) || !areKnownNames(groups)) throw new Error('The review has no user.');
  return { name: username, groups, by: 'kubernetes', ...(typeof uid === 'string' && { uid }), extra: toExtra(extra) };
}

function toExtra(extra: unknown): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(Object(extra));
  return Object.fromEntries(entries.map(([name, values]) => [name, [values].flat().map(String)]));
}
