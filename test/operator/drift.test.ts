import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requireCluster } from '../cluster/require.ts';
import { type OwnCluster, startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import type { Running } from '../process.ts';
import { install, MERGE, MLMD_SERVER, registryText, startOperator, stopOperator } from './rig.ts';

const missing = requireCluster();

/** Each kind, where it is in a namespace, and what somebody does to it; null stands for its deletion. */
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const mallory = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' };
const DRIFT: readonly (readonly [string, (namespace: string) => string, unknown])[] = [
  ['ServiceAccount', core('serviceaccounts/prod'), { automountServiceAccountToken: true }],
  ['ConfigMap', core('configmaps/prod-mlmd'), { data: { 'mlmd.pbtxt.template': 'connection_config {}' } }],
  ['Service', core('services/prod'), { spec: { selector: { 'app.kubernetes.io/component': 'mlmd' } } }],
  ['Role', within(RBAC, 'roles/registry-user-prod'), { rules: [] }],
  ['RoleBinding', within(RBAC, 'rolebindings/registry-user-prod'), { subjects: [mallory] }],
  ['ClusterRoleBinding', (ns) => `${RBAC}/clusterrolebindings/modelgraph:${ns}:prod`, { subjects: null }],
  ['NetworkPolicy', within('/apis/networking.k8s.io/v1', 'networkpolicies/prod'), { spec: { ingress: [{}] } }],
  ['Ingress', within('/apis/networking.k8s.io/v1', 'ingresses/prod'), { spec: { rules: [{ host: 'evil.example' }] } }],
  ['PodDisruptionBudget', within('/apis/policy/v1', 'poddisruptionbudgets/prod'), { spec: { maxUnavailable: 5 } }],
  [
    'Deployment',
    within('/apis/apps/v1', 'deployments/prod'),
    { spec: { template: { spec: { serviceAccountName: 'default' } } } },
  ],
  ['Deployment', within('/apis/apps/v1', 'deployments/prod-mlmd'), { spec: { replicas: 7 } }],
];

describe.skipIf(missing !== undefined)(`what others change ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: OwnCluster;
  let operator: Running;
  let namespace: string;
  beforeAll(async () => {
    cluster = await startCluster({ controllers: true });
    await install(cluster);
    operator = await startOperator(cluster);
    namespace = await cluster.createNamespace('drift');
    const auth = { kubernetes: {}, users: [{ kind: 'Group', name: 'data-science' }] };
    const exposure = { ingress: { host: 'models.example.com' } };
    await cluster.apply(registryText(namespace, 'prod', { replicas: 0, store: MLMD_SERVER, auth, exposure }));
    await cluster.apply(registryText(namespace, 'volume', { replicas: 0, store: { embedded: {} } }));
    await untilThere(...DRIFT.map(([, path]) => path(namespace)), core('persistentvolumeclaims/volume')(namespace));
  }, 180_000);
  afterAll(async () => {
    if (operator) await stopOperator(operator).finally(() => operator[Symbol.asyncDispose]());
    await cluster?.[Symbol.asyncDispose]();
  });

  test.each(DRIFT)('is put back: %s', async (_kind, pathIn, change) => {
    const path = pathIn(namespace);
    const before = await read(path);
    const { status, body } = await cluster.request('PATCH', path, change, MERGE);
    expect([status, body.metadata.resourceVersion]).not.toEqual([200, before.version]);
    await until('it to be as before', async () => (await read(path)).text === before.text);
    // Once more, without the label by which the operator finds what is its own.
    const unlabelled = { metadata: { labels: { 'app.kubernetes.io/managed-by': null } } };
    expect((await cluster.request('PATCH', path, unlabelled, MERGE)).status).toBe(200);
    await until('it to be as before', async () => (await read(path)).text === before.text);
  });

  test.each(DRIFT)('is made again: %s', async (_kind, pathIn) => {
    const path = pathIn(namespace);
    const before = await read(path);
    expect((await cluster.request('DELETE', path)).status).toBe(200);
    await until('another one', async () => {
      const { uid, text } = await read(path);
      return uid !== before.uid && text === before.text;
    });
  });

  test('is put back: the claim of a volume', async () => {
    const path = core('persistentvolumeclaims/volume')(namespace);
    const before = await read(path);
    const change = { metadata: { labels: { 'app.kubernetes.io/instance': null, 'app.kubernetes.io/name': 'other' } } };
    expect((await cluster.request('PATCH', path, change, MERGE)).status).toBe(200);
    await until('it to be as before', async () => (await read(path)).text === before.text);
  });

  test('is left alone where it is nothing of ours', async () => {
    const path = within('/apis/apps/v1', 'deployments/prod')(namespace);
    const container = { name: 'proxy', image: 'proxy:1' };
    const fields = {
      metadata: { annotations: { 'example.com/team': 'growth' }, labels: { 'cost-center': '7' } },
      spec: { paused: true, template: { spec: { containers: [container], nodeSelector: { disk: 'ssd' } } } },
    };
    const theirs = { contentType: 'application/apply-patch+yaml' };
    const patch = { apiVersion: 'apps/v1', kind: 'Deployment', ...fields };
    expect((await cluster.request('PATCH', `${path}?fieldManager=somebody`, patch, theirs)).status).toBe(200);
    // Something of ours in the same object, so that the operator has to act.
    await cluster.request('PATCH', path, { spec: { minReadySeconds: 99 } }, MERGE);
    await until(
      'ours to be put back',
      async () => (await cluster.request('GET', path)).body.spec.minReadySeconds === 5,
    );
    const { body } = await cluster.request('GET', path);
    expect(body.metadata).toMatchObject(fields.metadata);
    expect(body.spec.paused).toBe(true);
    expect(body.spec.template.spec.nodeSelector).toEqual({ disk: 'ssd' });
    expect(body.spec.template.spec.containers.map(({ name }: { name: string }) => name)).toEqual(['gateway', 'proxy']);
  });

  test('is told in Events', async () => {
    await until('an Event of the Role', async () => {
      const { body } = await cluster.request('GET', core('events')(namespace));
      return body.items.some(
        ({ reason, message }: { reason: string; message: string }) =>
          reason === 'Mended' && message.includes(`Role ${namespace}/registry-user-prod`),
      );
    });
  });

  async function untilThere(...paths: readonly string[]): Promise<void> {
    for (const path of paths) await until(path, async () => (await cluster.request('GET', path)).status === 200);
  }

  /** The object without what the API server counts and without what controllers tell. */
  async function read(path: string): Promise<{ uid: string; version: string; text: string }> {
    const { body } = await cluster.request('GET', path);
    const { uid, resourceVersion, managedFields, generation, creationTimestamp, ...metadata } = body.metadata ?? {};
    const { 'deployment.kubernetes.io/revision': _, ...annotations } = metadata.annotations ?? {};
    const { clusterIP, clusterIPs, ...spec } = body.spec ?? {};
    const { status: _status, metadata: _metadata, spec: _spec, ...rest } = body;
    return {
      uid,
      version: resourceVersion,
      text: JSON.stringify({ ...rest, spec, metadata: { ...metadata, annotations } }),
    };
  }
});

function within(group: string, path: string): (namespace: string) => string {
  return (namespace) => `${group}/namespaces/${namespace}/${path}`;
}

function core(path: string): (namespace: string) => string {
  return within('/api/v1', path);
}
