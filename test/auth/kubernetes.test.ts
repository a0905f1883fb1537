import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createAskHttp } from '../../src/auth/ask-http.ts';
import { createReviews } from '../../src/auth/kubernetes/create-review.ts';
import { accessOfPod } from '../../src/auth/kubernetes/in-cluster.ts';
import { tokenReviewMode } from '../../src/auth/kubernetes/token-review-mode.ts';
import type { Permission } from '../../src/auth/permission.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { type OwnCluster, startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import { bearer, decided } from './bearer.ts';
import { type Guarded, openGuarded } from './guarded.ts';
import { knows } from './knows.ts';

const missing = requireCluster();

const INVALID = { status: 401, message: 'The token is not valid here.' };
const OK = { status: 200, message: undefined };
const AWAY = { status: 503, message: 'It cannot be found out now who you are; try again.' };
const audiences = ['modelgraph'];

describe.skipIf(missing !== undefined)(`callers and rights of a cluster ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let namespace: string;
  let kubeconfig: string;
  let gateway: Guarded;
  beforeAll(async () => {
    cluster = await sharedCluster();
    namespace = await cluster.createNamespace('reviews');
    for (const name of ['alice', 'bob', 'gone']) await cluster.createServiceAccount(namespace, name);
    await cluster.apply(rights(namespace));
    kubeconfig = await ownKubeconfig(cluster, namespace);
    gateway = await openGuarded({ auth: ['kubernetes'], kubeconfig });
  }, 180_000);
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  test('a service account is known by its token, once for a minute', async () => {
    expect(await gateway.show(await cluster.token(namespace, 'alice', { audiences }))).toEqual(OK);
    expect(gateway.callers.at(-1)).toMatchObject({
      name: `system:serviceaccount:${namespace}:alice`,
      groups: expect.arrayContaining([`system:serviceaccounts:${namespace}`, 'system:authenticated']),
      by: 'kubernetes',
      uid: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  test.each<[string, () => Promise<string>]>([
    ['for another audience', () => cluster.token(namespace, 'alice', { audiences: ['others'] })],
    ['for the API server', () => cluster.token(namespace, 'alice')],
    ['that is none', async () => 'x'],
    [
      'with another signature',
      async () => `${(await cluster.token(namespace, 'alice', { audiences })).slice(0, -8)}AAAAAAAA`,
    ],
  ])('a token %s is refused', async (_what, token) => {
    expect(await gateway.show(await token())).toEqual(INVALID);
  });

  test('who has no token is refused', async () => {
    expect((await gateway.ask()).status).toBe(401);
  });

  test('an account that is gone is known for a minute at most', async () => {
    const token = await cluster.token(namespace, 'gone', { audiences });
    expect(await gateway.show(token)).toEqual(OK);
    await cluster.kubectl(['delete', 'serviceaccount', '-n', namespace, 'gone']);
    expect(await gateway.show(token)).toEqual(OK);
    await until('the API server to forget the account', async () => !(await knows(cluster, token)));
    gateway.later(50_000);
    expect(await gateway.show(token)).toEqual(INVALID);
  });

  const GET: Permission = { verb: 'get', resource: 'registeredmodels' };
  test.each<[string, 'alice' | 'bob', Permission, boolean]>([
    ['what a role gives', 'alice', GET, true],
    ['another verb', 'alice', { ...GET, verb: 'update' }, false],
    ['another resource', 'alice', { ...GET, resource: 'experiments' }, false],
    ['what a group has', 'bob', { verb: 'list', resource: 'lineage' }, true],
    ['what another registry gives', 'alice', { verb: 'archive', resource: 'artifacts' }, false],
    ['what nobody has', 'bob', GET, false],
  ])('%s', async (_what, who, permission, may) => {
    const token = await cluster.token(namespace, who, { audiences });
    expect(await decided(gateway.policy, token, permission)).toBe(may);
  });

  test('a right that is new counts after 5 s, one that is taken away not after 60 s', async () => {
    const token = await cluster.token(namespace, 'bob', { audiences });
    const may = () => decided(gateway.policy, token, { verb: 'create', resource: 'types' });
    const binding = bindingOf(namespace, 'later', 'bob', 'create', 'types');
    expect(await may()).toBe(false);
    await cluster.apply(binding);
    await decidedBy(cluster, namespace, 'bob', true);
    expect(await may()).toBe(false);
    gateway.later(5_000);
    expect(await may()).toBe(true);
    await cluster.delete(binding);
    await decidedBy(cluster, namespace, 'bob', false);
    expect(await may()).toBe(true);
    gateway.later(60_000);
    expect(await may()).toBe(false);
  });

  test('at the door: what a role gives is 200, what it does not give 403', async () => {
    await using guarded = await openGuarded({ auth: ['kubernetes', 'none'], kubeconfig }, { decides: true });
    const authorization = `Bearer ${await cluster.token(namespace, 'alice', { audiences })}`;
    const models = '{ registeredModels { nodes { name } } }';
    expect(await guarded.query(models, {}, { authorization })).toEqual({
      status: 200,
      data: { registeredModels: { nodes: [] } },
    });
    const refused = { status: 403, message: "You may not list artifacts in the registry 'modelgraph'." };
    expect(await guarded.ask({ authorization })).toEqual(refused);
    expect(await guarded.ask()).toEqual(refused);
  });

  test('in a pod the own token is read again when it changes', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-pod-'));
    const put = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
    put('ca.crt', cluster.ca);
    put('token', 'expired\n');
    const { hostname: host, port } = new URL(cluster.url);
    const review = createReviews(createAskHttp(), accessOfPod({ host, port, folder: folder.path }));
    const failures: unknown[] = [];
    const mode = tokenReviewMode({ review, audiences, clock: () => 0, onFailure: (error) => failures.push(error) });
    const credentials = bearer(await cluster.token(namespace, 'alice', { audiences }));
    await expect(mode(credentials)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(String(failures[0])).toContain(
      'answered 401 to /apis/authentication.k8s.io/v1/tokenreviews: it does not know the account',
    );
    put('token', `${await cluster.token(namespace, 'gateway')}\n`);
    expect(await mode(credentials)).toMatchObject({ name: `system:serviceaccount:${namespace}:alice` });
  });

  test('a gateway whose own account may not review lets nobody in, with 503', async () => {
    await cluster.createServiceAccount(namespace, 'powerless');
    const own = await cluster.kubeconfigOf(await cluster.token(namespace, 'powerless'), namespace);
    await using powerless = await openGuarded({ auth: ['kubernetes'], kubeconfig: own });
    expect(await powerless.show(await cluster.token(namespace, 'alice', { audiences }))).toEqual(AWAY);
  });
});

describe.skipIf(missing !== undefined)(`an outage of the cluster ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: OwnCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 180_000);
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test('is 503 for who and what is not known yet, never a pass, and it heals', async () => {
    const namespace = await cluster.createNamespace('away');
    for (const name of ['alice', 'bob']) await cluster.createServiceAccount(namespace, name);
    await cluster.apply(rights(namespace));
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((name) => cluster.token(namespace, name, { audiences })),
    );
    await using gateway = await openGuarded({ auth: ['kubernetes', 'none'], kubeconfig: cluster.kubeconfig });
    expect(await gateway.show(alice ?? '')).toEqual(OK);
    const may = () => decided(gateway.policy, alice ?? '', { verb: 'get', resource: 'registeredmodels' });

    await cluster.apiserver.kill();
    expect(await gateway.show(alice ?? '')).toEqual(OK); // known for a minute
    expect(await gateway.show(bob ?? '')).toEqual(AWAY);
    await expect(may()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    gateway.later(50_000);
    expect(await gateway.show(alice ?? '')).toEqual(AWAY);

    await cluster.apiserver.start();
    expect(await gateway.show(alice ?? '')).toEqual(OK);
    expect(await gateway.show(bob ?? '')).toEqual(OK);
    expect(await may()).toBe(true);
  });
});

/** The account of a gateway in a cluster: it may review tokens and access, and nothing else. */
async function ownKubeconfig(cluster: Cluster, namespace: string): Promise<string> {
  await cluster.createServiceAccount(namespace, 'gateway');
  await cluster.apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-gateway }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:auth-delegator }
subjects: [{ kind: ServiceAccount, name: gateway, namespace: ${namespace} }]
`);
  return cluster.kubeconfigOf(await cluster.token(namespace, 'gateway'), namespace);
}

function rights(namespace: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${namespace}-reader }
rules:
  - { apiGroups: [modelgraph.dev], resources: [registeredmodels], resourceNames: [modelgraph], verbs: [get, list] }
  - { apiGroups: [modelgraph.dev], resources: [artifacts], resourceNames: [another], verbs: ['*'] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${namespace}-reader }
subjects: [{ kind: ServiceAccount, name: alice, namespace: ${namespace} }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${namespace}-all }
rules: [{ apiGroups: [modelgraph.dev], resources: [lineage], verbs: [list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${namespace}-all }
subjects: [{ kind: Group, name: 'system:serviceaccounts:${namespace}', apiGroup: rbac.authorization.k8s.io }]
`;
}

function bindingOf(namespace: string, name: string, who: string, verb: string, resource: string): string {
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${namespace}-${name} }
rules: [{ apiGroups: [modelgraph.dev], resources: [${resource}], verbs: [${verb}] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-${name} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${namespace}-${name} }
subjects: [{ kind: ServiceAccount, name: ${who}, namespace: ${namespace} }]
`;
}

/** Waits until the API server's own rules have followed. */
async function decidedBy(cluster: Cluster, namespace: string, who: string, may: boolean): Promise<void> {
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  const resourceAttributes = { group: 'modelgraph.dev', resource: 'types', verb: 'create', name: 'modelgraph' };
  const spec = { resourceAttributes, user: `system:serviceaccount:${namespace}:${who}` };
  await until('the rule', async () => (await cluster.request('POST', path, { spec })).body.status.allowed === may);
}
