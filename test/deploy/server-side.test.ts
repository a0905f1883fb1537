import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { desiredObjects } from '../../src/operator/desired/objects.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { foreignKindsFile, tool } from '../cluster/tools-folder.ts';
import { untilCondition } from '../cluster/until-condition.ts';
import { registryOf, SPEC } from '../operator/sample.ts';
import { requireTools } from '../require-tool.ts';
import { type KubeObject, podOf } from './kube-object.ts';
import { DEPLOY, HELM, helmTemplate, KUBECTL, kustomize } from './render.ts';
import { CHART_VALUES, OVERLAYS } from './variants.ts';

const missing = requireCluster() ?? requireTools([HELM, KUBECTL]);

/** Kinds of others, as they define them. */
const FOREIGN = [
  'httproutes.gateway.networking.k8s.io',
  'podmonitors.monitoring.coreos.com',
  'prometheusrules.monitoring.coreos.com',
];

describe.skipIf(missing)(`manifests on a real API server ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let cluster: Cluster;
  let namespace: string;
  beforeAll(async () => {
    cluster = await sharedCluster();
    namespace = await cluster.createNamespace('manifests');
    const labels = Object.entries(labelsOfOurNamespace()).map(([name, value]) => `${name}=${value}`);
    await cluster.kubectl(['label', 'namespace', namespace, ...labels]);
    for (const part of ['', '-mlmd', '-postgres', '-mysql']) {
      await cluster.createServiceAccount(namespace, `modelgraph${part}`);
    }
    for (const file of [tool('authorino.yaml'), foreignKindsFile]) await cluster.apply(readFileSync(file, 'utf8'));
    for (const name of FOREIGN) {
      await untilCondition(cluster, `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, 'Established');
    }
  }, 180_000);
  afterAll(() => cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false']));

  const dryRun = (objects: readonly KubeObject[]) => {
    const list = { apiVersion: 'v1', kind: 'List', items: objects.map((object) => movedTo(namespace, object)) };
    const flags = ['apply', '--dry-run=server', '--validate=strict', '--server-side', '--force-conflicts'];
    return cluster.kubectl([...flags, '--output', 'name', '--filename', '-'], JSON.stringify(list));
  };

  test.each([
    ...OVERLAYS.map((name) => [`overlay ${name}`, () => kustomize(`overlays/${name}`)] as const),
    ...Object.entries(CHART_VALUES).map(([name, values]) => [`chart ${name}`, () => helmTemplate(values)] as const),
  ])('%s is taken, and so are its pods where only restricted ones are', async (_name, render) => {
    const { objects } = await render();
    const pods = objects.flatMap(toPod);
    const taken = (await dryRun([...objects, ...pods])).trim().split('\n');
    expect(taken.length).toBe(objects.length + pods.length);
    expect(taken.filter((name) => name.startsWith('pod/')).length).toBeGreaterThan(0);
  });

  test.each([
    ['HTTPRoute', 'parentRef', { parentRef: [] }],
    ['PodMonitor', 'podMetricsEndpoint', { podMetricsEndpoint: [] }],
  ])('a field that %s does not have is refused: %s', async (kind, field, spoiled) => {
    const { objects } = await kustomize('overlays/gateway-api');
    const found = objects.find((object) => object.kind === kind);
    await expect(dryRun([{ ...found, spec: { ...found?.['spec'], ...spoiled } } as KubeObject])).rejects.toThrow(
      `unknown field "${field}"`,
    );
  });

  test('the HTTPRoute that the operator makes is taken', async () => {
    const exposure = {
      ...SPEC.exposure,
      gateway: { host: 'models.example.com', name: 'public', sectionName: 'https' },
    };
    const objects = desiredObjects({ registry: registryOf({ exposure }), defaultImage: 'modelgraph:1' });
    const routes = objects.filter(({ kind }) => kind === 'HTTPRoute');
    expect(await dryRun(routes)).toBe('httproute.gateway.networking.k8s.io/prod\n');
  });

  test('rules, dashboard and monitor of deploy/monitoring are taken', async () => {
    const { objects } = await kustomize('monitoring');
    expect((await dryRun(objects)).trim().split('\n')).toHaveLength(objects.length);
  });

  test('a pod that is not restricted is refused there', async () => {
    const [pod] = (await kustomize('overlays/embedded')).objects.flatMap(toPod);
    const { securityContext: _, ...spec } = pod?.['spec'] ?? {};
    await expect(dryRun([{ ...pod, spec } as KubeObject])).rejects.toThrow('violates PodSecurity "restricted:latest"');
  });
});

function labelsOfOurNamespace(): Readonly<Record<string, string>> {
  const text = readFileSync(`${DEPLOY}/namespace.yaml`, 'utf8');
  return Object.fromEntries([...text.matchAll(/(pod-security\.\S+): (\S+)/g)].map(([, name, value]) => [name, value]));
}

function movedTo(namespace: string, object: KubeObject): KubeObject {
  const isOfCluster = object.kind.startsWith('Cluster');
  return { ...object, metadata: { ...object.metadata, ...(isOfCluster ? {} : { namespace }) } };
}

/** One of the pods that an object would make; those of a StatefulSet with their volumes named. */
function toPod(object: KubeObject): KubeObject[] {
  const pod = podOf(object);
  if (pod === undefined) return [];
  const claims = (object['spec'].volumeClaimTemplates ?? []).map(({ metadata: { name } }: KubeObject) => ({
    name,
    persistentVolumeClaim: { claimName: name },
  }));
  const volumes = [...(pod['spec'].volumes ?? []), ...claims];
  const metadata = { ...pod.metadata, name: `${object.metadata.name}-pod` };
  return [{ ...pod, apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...pod['spec'], volumes } }];
}
