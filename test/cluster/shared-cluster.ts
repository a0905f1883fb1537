import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

import { type Access, type Cluster, connectCluster } from './cluster.ts';

/**
 * The control plane that all test files of a run share, with controllers, scheduler and KWOK. The first that asks waits
 * for its start. Keep to namespaces of your own, and name what has none after one.
 */
export async function sharedCluster(): Promise<Cluster> {
  const { promise, resolve, reject } = Promise.withResolvers<Access>();
  const asked = request({ socketPath: inject('clusterDoor') }, (response) => {
    text(response)
      .then((answer) => (response.statusCode === 200 ? resolve(JSON.parse(answer)) : reject(new Error(answer))))
      .catch(reject);
  });
  asked.on('error', reject).end();
  return connectCluster(await promise);
}
