import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Cluster } from '../cluster/cluster.ts';
import { requireCluster } from '../cluster/require.ts';
import { sharedCluster } from '../cluster/shared-cluster.ts';
import { tool } from '../cluster/tools-folder.ts';
import { requireTools } from '../require-tool.ts';
import { type KubeObject, podOf } from './kube-object.ts';
import { DEPLOY, HELM, helmTemplate, KUBECTL, kustomize } from './render.ts';
import { CHART_VALUES, OVERLAYS } from './variants.ts';

const missing = requireCluster() ?? requireTools([HELM, KUBECTL]);

/** Of operators that are not installed here. */
const FOREIGN = ['HTTPRoute', 'PodMonitor'];

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
    await cluster.apply(readFileSync(tool('authorino.yaml'), 'utf8'));
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
    const objects = (await render()).objects.filter(({ kind }) => !FOREIGN.includes(kind));
    const pods = objects.flatMap(toPod);
    const taken = (await dryRun([...objects, ...pods])).trim().split('\n');
    expect(taken.length).toBe(objects.length + pods.length);
    expect(taken.filter((name) => name.startsWith('pod/')).length).toBeGreaterThan(0);
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
