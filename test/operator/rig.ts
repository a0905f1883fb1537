import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

import type { Cluster } from '../cluster/cluster.ts';
import { until } from '../cluster/until.ts';
import { logLines, type Running, start } from '../process.ts';

/** The namespace of the operator, its ServiceAccount and its lease. */
export const OPERATOR_NAMESPACE = 'modelgraph-system';

/** What an administrator applies before there is an operator: all but its Deployment, whose pods would not run here. */
const INSTALLED = ['namespace', 'crd', 'rbac'];

/** The manifests of deploy/operator, with the CRD ready for use. */
export async function install(cluster: Cluster): Promise<void> {
  for (const name of INSTALLED) await cluster.apply(readFileSync(`deploy/operator/${name}.yaml`, 'utf8'));
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd/modelregistries.modelgraph.dev']);
}

/** A kubeconfig of the operator's own ServiceAccount. */
export async function ownKubeconfig(cluster: Cluster): Promise<string> {
  const token = await cluster.token(OPERATOR_NAMESPACE, 'modelgraph-operator', { expirationSeconds: 3_600 });
  return cluster.kubeconfigOf(token, OPERATOR_NAMESPACE);
}

/** Starts `modelgraph operator` with the rights of its ServiceAccount. */
export async function startOperator(cluster: Cluster, ...flags: readonly string[]): Promise<Running> {
  return runOperator(await ownKubeconfig(cluster), ...flags);
}

/** Starts `modelgraph operator` by a kubeconfig, with further flags. A machine that is slow for seconds ends no term. */
export function runOperator(kubeconfig: string, ...flags: readonly string[]): Running {
  const own = ['--host', '127.0.0.1', '--port', '0', '--image', 'modelgraph:test', '--lease-seconds', '120'];
  return start(['operator', '--kubeconfig', kubeconfig, ...own, ...flags]);
}

/** Stops an operator as Kubernetes does it, and expects that it ends well. */
export async function stopOperator(operator: Running): Promise<void> {
  operator.kill('SIGTERM');
  expect(await operator.ended()).toBe(0);
  expect(logLines(operator.stderr).at(-1)).toMatchObject({ msg: 'stopped' });
}

/** A ModelRegistry in YAML (which JSON is). */
export function registryText(namespace: string, name: string, spec: unknown): string {
  return JSON.stringify({
    apiVersion: 'modelgraph.dev/v1alpha1',
    kind: 'ModelRegistry',
    metadata: { name, namespace },
    spec,
  });
}

/** The path of a registry. */
export function registryPath(namespace: string, name: string): string {
  return `/apis/modelgraph.dev/v1alpha1/namespaces/${namespace}/modelregistries/${name}`;
}

/** `Available=True PodsReady` and so on: what the conditions say now. */
export async function conditionsOf(cluster: Cluster, namespace: string, name: string): Promise<readonly string[]> {
  const { body } = await cluster.request('GET', registryPath(namespace, name));
  const conditions: readonly { type: string; status: string; reason: string }[] = body.status?.conditions ?? [];
  return body.status?.observedGeneration === body.metadata?.generation
    ? conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
    : [];
}

/** Waits until the conditions have all of these. */
export async function untilConditions(
  cluster: Cluster,
  namespace: string,
  name: string,
  ...wanted: readonly string[]
): Promise<void> {
  await until(`${wanted} of ${name}`, async () => {
    const found = await conditionsOf(cluster, namespace, name);
    if (wanted.every((each) => found.includes(each))) return true;
    throw new Error(`it has ${found}`);
  });
}

/** Waits until the registry serves and nothing moves. */
export async function untilHealthy(cluster: Cluster, namespace: string, name: string): Promise<void> {
  const healthy = ['Available=True PodsReady', 'Progressing=False Settled', 'Degraded=False Healthy'];
  await untilConditions(cluster, namespace, name, ...healthy);
}

/** Paths of what a namespace has of the kinds that an operator makes. */
export const OWNED_PATHS = [
  ['ServiceAccount', '/api/v1', 'serviceaccounts'],
  ['ConfigMap', '/api/v1', 'configmaps'],
  ['PersistentVolumeClaim', '/api/v1', 'persistentvolumeclaims'],
  ['Service', '/api/v1', 'services'],
  ['Role', '/apis/rbac.authorization.k8s.io/v1', 'roles'],
  ['RoleBinding', '/apis/rbac.authorization.k8s.io/v1', 'rolebindings'],
  ['NetworkPolicy', '/apis/networking.k8s.io/v1', 'networkpolicies'],
  ['Ingress', '/apis/networking.k8s.io/v1', 'ingresses'],
  ['PodDisruptionBudget', '/apis/policy/v1', 'poddisruptionbudgets'],
  ['Deployment', '/apis/apps/v1', 'deployments'],
] as const;

/** `Kind/name` of all that the operator made in a namespace. */
export async function ownedNames(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    OWNED_PATHS.map(async ([kind, group, plural]) => {
      const selector = 'labelSelector=app.kubernetes.io/managed-by%3Dmodelgraph-operator';
      const { body } = await cluster.request('GET', `${group}/namespaces/${namespace}/${plural}?${selector}`);
      return body.items.map(({ metadata }: { metadata: { name: string } }) => `${kind}/${metadata.name}`);
    }),
  );
  return lists.flat().toSorted();
}

/** A volume that the next claim of a cluster without a provisioner gets. */
export async function createVolume(cluster: Cluster, name: string): Promise<void> {
  const spec = {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: `/var/lib/${name}` },
  };
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec }));
}

/** A store that is no volume, with a database that nobody looks for: no pod really runs. */
export const MLMD_SERVER = {
  mlmdServer: {
    mysql: { host: 'mysql.db.svc', database: 'metadata', username: 'modelgraph', passwordSecret: { name: 'mysql' } },
  },
};

/** A namespace in which pod security is enforced. */
export async function createRestricted(cluster: Cluster, prefix: string): Promise<string> {
  const namespace = await cluster.createNamespace(prefix);
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await cluster.request('PATCH', `/api/v1/namespaces/${namespace}`, { metadata: { labels } }, MERGE);
  return namespace;
}

/** How a merge patch is told. */
export const MERGE = { contentType: 'application/merge-patch+json' };
