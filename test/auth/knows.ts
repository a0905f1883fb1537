import type { Cluster } from '../cluster/cluster.ts';

/** True where the API server takes the token, which it may do for 10 s after the account is gone. */
export async function knows(cluster: Cluster, token: string): Promise<boolean> {
  const spec = { token, audiences: ['modelgraph'] };
  const { body } = await cluster.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec });
  return body.status.authenticated === true;
}
