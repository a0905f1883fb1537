import { describe, expect, test } from 'vitest';

import { requireTools } from '../require-tool.ts';
import { gatewayOf } from './in-other-words.ts';
import type { KubeObject } from './kube-object.ts';
import { lintManifest } from './lint-manifest.ts';
import { KUBECTL, kustomize } from './render.ts';

const missing = requireTools([KUBECTL]);

// biome-ignore lint/suspicious/noExplicitAny: what is spoiled has the form of YAML
type Spoil = (pod: any, container: any, objects: KubeObject[]) => void;

const without = (objects: KubeObject[], name: string) => {
  const index = objects.findIndex(({ metadata }) => metadata.name === name);
  objects.splice(index, 1);
};

describe.skipIf(missing)(`what the lint of manifests finds ${missing ?? ''}`, () => {
  test.each<[string, Spoil]>([
    ['may run as root', (pod) => delete pod.securityContext.runAsNonRoot],
    ['may run as root', (pod) => Object.assign(pod.securityContext, { runAsUser: 0 })],
    ['has no seccomp profile', (pod) => delete pod.securityContext.seccompProfile],
    ['does not say whether it needs a token', (pod) => delete pod.automountServiceAccountToken],
    [
      'has a token without a use for it',
      (_pod, container) => {
        container.args = ['serve'];
      },
    ],
    ["shares the node's namespaces", (pod) => Object.assign(pod, { hostNetwork: true })],
    ["mounts the node's files", (pod) => pod.volumes.push({ name: 'node', hostPath: { path: '/' } })],
    [
      'modelgraph:latest is of no fixed version',
      (_pod, container) => Object.assign(container, { image: 'modelgraph:latest' }),
    ],
    ['modelgraph is of no fixed version', (_pod, container) => Object.assign(container, { image: 'modelgraph' })],
    ['modelgraph may write to its image', (_pod, container) => delete container.securityContext.readOnlyRootFilesystem],
    ['modelgraph may gain rights', (_pod, container) => delete container.securityContext.allowPrivilegeEscalation],
    ['modelgraph has capabilities', (_pod, container) => delete container.securityContext.capabilities],
    [
      'modelgraph has capabilities',
      (_pod, container) => Object.assign(container.securityContext.capabilities, { add: ['CHOWN'] }),
    ],
    [
      'modelgraph runs with all rights',
      (_pod, container) => Object.assign(container.securityContext, { privileged: true }),
    ],
    ['modelgraph has no limits', (_pod, container) => delete container.resources.limits.memory],
    ['modelgraph requests nothing', (_pod, container) => delete container.resources.requests],
    ['modelgraph has no readinessProbe', (_pod, container) => delete container.readinessProbe],
    ['no network policy denies by default', (_pod, _container, objects) => without(objects, 'modelgraph-default-deny')],
    [
      '0 disruption budgets',
      (_pod, _container, objects) =>
        objects.splice(0, Infinity, ...objects.filter(({ kind }) => kind !== 'PodDisruptionBudget')),
    ],
  ])('%s', async (finding, spoil) => {
    const objects = [...(await kustomize('overlays/mlmd')).objects];
    const { spec } = gatewayOf(objects)['spec'].template;
    spec.volumes ??= [];
    expect(lintManifest(objects)).toEqual([]);
    spoil(spec, spec.containers[0], objects);
    expect(lintManifest(objects)).toEqual([`Deployment modelgraph: ${finding}`]);
  });

  test.each([
    ['Role x: * in verbs', 'Role', { rules: [{ apiGroups: ['a'], resources: ['b'], verbs: ['*'] }] }],
    [
      'ClusterRole x: * in resources',
      'ClusterRole',
      { rules: [{ apiGroups: ['a'], resources: ['*'], verbs: ['get'] }] },
    ],
    ['RoleBinding x: binds cluster-admin', 'RoleBinding', { roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }],
  ])('%s', (finding, kind, fields) => {
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    expect(lintManifest([{ apiVersion, kind, metadata: { name: 'x' }, ...fields }])).toEqual([finding]);
  });
});
