import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requireCluster } from './require.ts';
import { type OwnCluster, startCluster } from './start-cluster.ts';

const missing = requireCluster();

describe.skipIf(missing !== undefined)(`a control plane of one's own ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: OwnCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 180_000);
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test('forgets nothing when its API server is killed', async () => {
    const namespace = await cluster.createNamespace('outage');
    await cluster.createServiceAccount(namespace, 'alice');
    const token = await cluster.token(namespace, 'alice');
    await cluster.apiserver.kill();
    await expect(cluster.request('GET', '/readyz')).rejects.toThrow('ECONNREFUSED');
    await cluster.apiserver.start();
    expect((await cluster.request('GET', `/api/v1/namespaces/${namespace}`)).status).toBe(200);
    const self = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    expect((await cluster.request('POST', self, {}, { token })).status).toBe(201);
  });

  test('goes back in time with its etcd', async () => {
    const before = await cluster.createNamespace('before');
    const saved = await cluster.saveEtcd();
    const after = await cluster.createNamespace('after');
    await cluster.restoreEtcd(saved);
    await cluster.apiserver.start(); // it remembers what was
    expect((await cluster.request('GET', `/api/v1/namespaces/${before}`)).status).toBe(200);
    expect((await cluster.request('GET', `/api/v1/namespaces/${after}`)).status).toBe(404);
  });
});
