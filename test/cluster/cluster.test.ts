import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Cluster } from './cluster.ts';
import { requireCluster } from './require.ts';
import { sharedCluster } from './shared-cluster.ts';

const missing = requireCluster();

describe.skipIf(missing !== undefined)(`a Kubernetes control plane ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let namespace: string;
  beforeAll(async () => {
    cluster = await sharedCluster();
    namespace = await cluster.createNamespace('cluster');
    await cluster.createServiceAccount(namespace, 'reader');
  }, 180_000);

  test('answers as the version that is pinned', async () => {
    const pins = await readFile(join(import.meta.dirname, 'tools/kubernetes/go.mod'), 'utf8');
    const version = /k8s\.io\/kubernetes (\S+)/.exec(pins)?.[1];
    const { status, body } = await cluster.request('GET', '/version');
    expect({ status, version: body.gitVersion }).toEqual({ status: 200, version });
    expect(await cluster.kubectl(['version'])).toContain(`Client Version: ${version}`);
  });

  test('reviews the token of a ServiceAccount, for its audience only', async () => {
    const token = await cluster.token(namespace, 'reader', { audiences: ['modelgraph'], expirationSeconds: 600 });
    expect(await review(token, 'modelgraph')).toEqual({
      authenticated: true,
      username: `system:serviceaccount:${namespace}:reader`,
    });
    expect(await review(token, 'another')).toEqual({ authenticated: false });
    expect(await review(`${token}x`, 'modelgraph')).toEqual({ authenticated: false });
  });

  test('decides on resources that only exist in its roles', async () => {
    const reader = { user: `system:serviceaccount:${namespace}:reader` };
    expect(await mayDo(reader, 'get')).toBe(false);
    await cluster.apply(readerRole(namespace));
    await expect.poll(() => mayDo(reader, 'get')).toBe(true);
    expect(await mayDo(reader, 'update')).toBe(false);
    expect(await mayDo({ user: 'nobody' }, 'get')).toBe(false);
    await cluster.delete(readerRole(namespace));
    await expect.poll(() => mayDo(reader, 'get')).toBe(false);
  });

  test('lets nobody in without a token, nor with a stranger’s', async () => {
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    const token = await cluster.token(namespace, 'reader');
    expect((await cluster.request('GET', path)).status).toBe(200);
    expect((await cluster.request('GET', path, undefined, { token })).status).toBe(403);
    expect((await cluster.request('GET', path, undefined, { token: 'wrong' })).status).toBe(401);
    const kubeconfig = await cluster.kubeconfigOf(token, namespace);
    await expect(cluster.kubectl(['--kubeconfig', kubeconfig, 'get', 'secrets'])).rejects.toThrow('(Forbidden)');
  });

  test('brings up a Deployment, and takes away what it owned', async () => {
    await cluster.apply(deployment(namespace));
    await cluster.kubectl(['wait', '-n', namespace, '--for=condition=Available', '--timeout=120s', 'deployment/web']);
    const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dweb`;
    expect((await cluster.request('GET', pods)).body.items).toHaveLength(2);
    await cluster.delete(deployment(namespace));
    await expect.poll(async () => (await cluster.request('GET', pods)).body.items, { timeout: 120_000 }).toEqual([]);
  });

  async function review(token: string, audience: string): Promise<{ authenticated: boolean; username?: string }> {
    const path = '/apis/authentication.k8s.io/v1/tokenreviews';
    const { body } = await cluster.request('POST', path, { spec: { token, audiences: [audience] } });
    const { authenticated = false, user } = body.status;
    return authenticated ? { authenticated, username: user.username } : { authenticated };
  }

  async function mayDo(who: { readonly user: string }, verb: string): Promise<boolean> {
    const resourceAttributes = { group: 'modelgraph.dev', resource: 'registeredmodels', name: 'main', namespace, verb };
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    return (await cluster.request('POST', path, { spec: { ...who, resourceAttributes } })).body.status.allowed;
  }
});

function readerRole(namespace: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: ${namespace} }
rules: [{ apiGroups: [modelgraph.dev], resources: [registeredmodels], verbs: [get, list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: reader, namespace: ${namespace} }]
`;
}

function deployment(namespace: string): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`;
}
