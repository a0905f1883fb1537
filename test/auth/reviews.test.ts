import { expect, test } from 'vitest';

import { ANONYMOUS } from '../../src/auth/caller.ts';
import { decideByAccessReview } from '../../src/auth/kubernetes/access-review.ts';
import { tokenReviewMode } from '../../src/auth/kubernetes/token-review-mode.ts';
import { bearer } from './bearer.ts';

// What no API server of today answers, or none that a test can make answer so.

const USER = { username: 'alice', groups: ['a'], uid: '1', extra: { x: ['y'] } };
const ALICE = { name: 'alice', groups: ['a'], uid: '1', extra: { x: ['y'] }, by: 'kubernetes' };

test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
  ['a yes for our audience', { authenticated: true, audiences: ['modelgraph', 'b'], user: USER }, ALICE],
  ['a yes for no audience: the server knows none', { authenticated: true, user: USER }, 'UNAUTHENTICATED'],
  ['a yes for others', { authenticated: true, audiences: ['b'], user: USER }, 'UNAUTHENTICATED'],
  ['a text for a yes', { authenticated: 'true', audiences: ['modelgraph'], user: USER }, 'UNAUTHENTICATED'],
  ['a no with a user', { authenticated: false, audiences: ['modelgraph'], user: USER }, 'UNAUTHENTICATED'],
  ['an error alone', { error: 'away' }, 'UNAUTHENTICATED'],
  ['nothing', {}, 'UNAUTHENTICATED'],
  ['a yes without a user', { authenticated: true, audiences: ['modelgraph'] }, 'UNAVAILABLE'],
  ['a yes without a name', { authenticated: true, audiences: ['modelgraph'], user: { username: '' } }, 'UNAVAILABLE'],
])('a token review that says %s', async (_what, status, expected) => {
  const options = { audiences: ['modelgraph'], clock: () => 0, onFailure: () => {} };
  const known = tokenReviewMode({ ...options, review: async () => status })(bearer('x'));
  expect(await known.catch(({ code }) => code)).toEqual(expected);
});

test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
  ['yes', { allowed: true }, true],
  ['no', { allowed: false }, false],
  ['no, and forbidden', { allowed: false, denied: true }, false],
  ['yes and no', { allowed: true, denied: true }, false],
  ['yes in spite of an error', { allowed: true, evaluationError: 'a role is missing' }, false],
  ['a text for a yes', { allowed: 'true' }, 'UNAVAILABLE'],
  ['nothing', {}, 'UNAVAILABLE'],
])('an access review that says %s', async (_what, status, expected) => {
  const decide = decideByAccessReview({ review: async () => status, onFailure: () => {} });
  const question = {
    caller: ANONYMOUS,
    credentials: bearer('x'),
    registry: 'a',
    verb: 'get',
    resource: 'types',
  } as const;
  expect(await decide(question).catch(({ code }) => code)).toBe(expected);
});
