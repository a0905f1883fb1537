import type { AskHttp } from '../ask-http.ts';
import type { ReadAccess } from './cluster-access.ts';

/** Posts a review to the API server and gives its `status`. Rejects where there is none, for whatever reason. */
export type CreateReview = (path: string, review: Readonly<Record<string, unknown>>) => Promise<ReviewStatus>;

/** The status of a review; whoever reads it checks its fields. */
export type ReviewStatus = Readonly<Record<string, unknown>>;

const ADVICE: Readonly<Record<number, string>> = {
  401: 'it does not know the account of this gateway',
  403: 'the account of this gateway may not do that; bind it to the ClusterRole system:auth-delegator',
};

/** Reviews by an API server. */
export function createReviews(ask: AskHttp, readAccess: ReadAccess): CreateReview {
  return async (path, review) => {
    const { server, tls, token } = await readAccess();
    const url = new URL(`${server.pathname.replace(/\/$/, '')}${path}`, server);
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    const { status, text } = await ask({ method: 'POST', url, headers, body: JSON.stringify(review), tls });
    if (status !== 201)
      throw new Error(`The API server answered ${status} to ${path}: ${ADVICE[status] ?? 'no review'}.`);
    const found: unknown = Object(JSON.parse(text)).status;
    if (typeof found !== 'object' || found === null)
      throw new Error(`The API server's answer to ${path} has no status.`);
    return { ...found };
  };
}
