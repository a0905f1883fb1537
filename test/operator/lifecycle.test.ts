import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requireCluster } from '../cluster/require.ts';
import { type OwnCluster, startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import { metricsOf, scrape, valuesOf } from '../metrics/scrape.ts';
import type { Running } from '../process.ts';
import {
  createRestricted,
  createVolume,
  install,
  MERGE,
  MLMD_SERVER,
  ownedNames,
  registryPath,
  registryText,
  startOperator,
  stopOperator,
  untilConditions,
  untilHealthy,
} from './rig.ts';

const missing = requireCluster();

// Each in a namespace of its own, several at once: what they do is mostly to wait.
const TOGETHER = { timeout: 180_000, concurrent: true };

describe.skipIf(missing !== undefined)(`a ModelRegistry ${missing ?? ''}`, TOGETHER, () => {
  let cluster: OwnCluster;
  let operator: Running;
  beforeAll(async () => {
    cluster = await startCluster({ kwok: true });
    await install(cluster);
    operator = await startOperator(cluster, '--metrics-port', '0');
  }, 180_000);
  afterAll(async () => {
    if (operator) await stopOperator(operator).finally(() => operator[Symbol.asyncDispose]());
    await cluster?.[Symbol.asyncDispose]();
  });

  test('with the embedded store becomes all that it needs, and goes but for its volume', async () => {
    const namespace = await createRestricted(cluster, 'embedded');
    await createVolume(cluster, namespace);
    await cluster.apply(registryText(namespace, 'prod', { store: { embedded: {} } }));
    await untilHealthy(cluster, namespace, 'prod');
    expect(await ownedNames(cluster, namespace)).toEqual([
      'Deployment/prod',
      'NetworkPolicy/prod',
      'PersistentVolumeClaim/prod',
      'PodDisruptionBudget/prod',
      'Role/registry-editor-prod',
      'Role/registry-user-prod',
      'Service/prod',
      'ServiceAccount/prod',
    ]);
    const { body } = await cluster.request('GET', registryPath(namespace, 'prod'));
    expect(body.status).toMatchObject({
      observedGeneration: 1,
      hosts: [`prod.${namespace}.svc`],
      store: 'embedded',
      image: 'modelgraph:test',
      ready: '1/1',
    });
    expect(await delegators(namespace)).toEqual([`modelgraph:${namespace}:prod`]);
    const metrics = await scrape(await metricsOf(operator));
    expect(valuesOf(metrics, 'modelgraph_operator_leading')).toEqual({ '': 1 });
    expect(valuesOf(metrics, 'modelgraph_operator_reconciles_total')['{result="done"}']).toBeGreaterThan(0);
    const actions = valuesOf(metrics, 'modelgraph_operator_actions_total');
    expect(actions['{action="create",kind="PersistentVolumeClaim"}']).toBeGreaterThan(0);

    await cluster.kubectl(['delete', 'modelregistry', 'prod', '--namespace', namespace, '--wait']);
    await until('all but the volume to go', async () => (await ownedNames(cluster, namespace)).length === 1);
    expect(await ownedNames(cluster, namespace)).toEqual(['PersistentVolumeClaim/prod']);
    expect(await delegators(namespace)).toEqual([]);

    // The next one of the name finds its metadata there.
    const spec = { store: { embedded: {} }, deletionPolicy: 'Delete' };
    await cluster.apply(registryText(namespace, 'prod', spec));
    await untilHealthy(cluster, namespace, 'prod');
    await cluster.kubectl(['delete', 'modelregistry', 'prod', '--namespace', namespace, '--wait']);
    await until('all to go', async () => (await ownedNames(cluster, namespace)).length === 0);
  });

  test("with MLMD's own server has both, and changes with its spec", async () => {
    const namespace = await createRestricted(cluster, 'server');
    const users = [{ kind: 'Group', name: 'data-science' }];
    const exposure = { ingress: { host: 'models.example.com' } };
    await cluster.apply(
      registryText(namespace, 'prod', { store: MLMD_SERVER, auth: { kubernetes: {}, users }, exposure }),
    );
    await untilHealthy(cluster, namespace, 'prod');
    expect(await ownedNames(cluster, namespace)).toEqual([
      'ConfigMap/prod-mlmd',
      'Deployment/prod',
      'Deployment/prod-mlmd',
      'Ingress/prod',
      'NetworkPolicy/prod',
      'NetworkPolicy/prod-mlmd',
      'PodDisruptionBudget/prod',
      'Role/registry-editor-prod',
      'Role/registry-user-prod',
      'RoleBinding/registry-user-prod',
      'Service/prod',
      'Service/prod-mlmd',
      'ServiceAccount/prod',
      'ServiceAccount/prod-mlmd',
    ]);
    const auth = { jwt: { issuer: 'https://issuer.example.com', audience: 'modelgraph', roles: 'reader: []' } };
    await cluster.apply(registryText(namespace, 'prod', { store: { mlmd: { host: 'mlmd:8080' } }, auth }));
    await until('the rest to go', async () => !(await ownedNames(cluster, namespace)).includes('Ingress/prod'));
    await untilHealthy(cluster, namespace, 'prod');
    expect(await ownedNames(cluster, namespace)).toEqual([
      'ConfigMap/prod',
      'Deployment/prod',
      'NetworkPolicy/prod',
      'PodDisruptionBudget/prod',
      'Service/prod',
      'ServiceAccount/prod',
    ]);
    expect(await delegators(namespace)).toEqual([]);
    const { body } = await cluster.request('GET', registryPath(namespace, 'prod'));
    expect(body.metadata.finalizers).toBeUndefined();
  });

  test('is upgraded one pod after the other', async () => {
    const namespace = await createRestricted(cluster, 'upgrade');
    const spec = { replicas: 3, store: { mlmd: { host: 'mlmd:8080' } } };
    await cluster.apply(registryText(namespace, 'prod', spec));
    await untilHealthy(cluster, namespace, 'prod');
    await cluster.apply(registryText(namespace, 'prod', { ...spec, image: 'modelgraph:next' }));
    const seen: (readonly [number, number])[] = [];
    await until('the new image everywhere', async () => {
      const { body } = await cluster.request('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/prod`);
      const { observedGeneration, replicas, updatedReplicas, availableReplicas = 0 } = body.status;
      seen.push([availableReplicas, replicas]);
      const current = observedGeneration === body.metadata.generation && body.metadata.generation > 1;
      return current && updatedReplicas === 3 && replicas === 3;
    });
    await untilHealthy(cluster, namespace, 'prod');
    expect(Math.min(...seen.map(([available]) => available))).toBe(3);
    expect(Math.max(...seen.map(([, all]) => all))).toBe(4);
  });

  describe('with a spec that cannot be', () => {
    test('keeps what it had, tells why, and goes on when the spec is mended', async () => {
      const namespace = await createRestricted(cluster, 'shrunk');
      await createVolume(cluster, namespace);
      const store = { embedded: { volume: { size: '10Gi' } } };
      const shrunk = { embedded: { volume: { size: '1Gi' } } };
      await cluster.apply(registryText(namespace, 'prod', { store }));
      await untilHealthy(cluster, namespace, 'prod');
      await cluster.apply(registryText(namespace, 'prod', { store: shrunk, image: 'modelgraph:next' }));
      await untilConditions(cluster, namespace, 'prod', 'Degraded=True InvalidSpec', 'Available=True PodsReady');
      const { body } = await cluster.request('GET', registryPath(namespace, 'prod'));
      expect(messageOf(body, 'Degraded')).toMatch(/^PersistentVolumeClaim \S+\/prod: .*can not be less than/);
      expect(await imageOf(namespace)).toBe('modelgraph:test');
      await cluster.apply(registryText(namespace, 'prod', { store, image: 'modelgraph:next' }));
      await untilHealthy(cluster, namespace, 'prod');
      expect(await imageOf(namespace)).toBe('modelgraph:next');
      await until('Events of both', async () => {
        const told = await events(namespace);
        return told.includes('Warning InvalidSpec') && told.includes('Normal Healthy');
      });
    });

    test('changes nothing, not even what would be changed before it', async () => {
      const namespace = await createRestricted(cluster, 'rehearsed');
      const store = { mlmd: { host: 'mlmd:8080' } };
      await cluster.apply(registryText(namespace, 'prod', { store }));
      await untilHealthy(cluster, namespace, 'prod');
      const exposure = { ingress: { host: 'models..example.com' } };
      await cluster.apply(registryText(namespace, 'prod', { store, exposure, image: 'modelgraph:next' }));
      await untilConditions(cluster, namespace, 'prod', 'Degraded=True InvalidSpec', 'Available=True PodsReady');
      expect(await imageOf(namespace)).toBe('modelgraph:test');
    });

    test('does not take what belongs to somebody else', async () => {
      const namespace = await createRestricted(cluster, 'taken');
      const theirs = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'prod', namespace } };
      await cluster.apply(JSON.stringify(theirs));
      await cluster.apply(registryText(namespace, 'prod', { store: { mlmd: { host: 'mlmd:8080' } } }));
      await untilConditions(cluster, namespace, 'prod', 'Degraded=True NameTaken', 'Available=False NoPodReady');
      expect(await ownedNames(cluster, namespace)).toEqual([]);
    });

    test.each([
      ['a-mlmd', { store: { mlmd: { host: 'mlmd:8080' } } }, 'a', { store: MLMD_SERVER }],
      ['a', { store: MLMD_SERVER }, 'a-mlmd', { store: { mlmd: { host: 'mlmd:8080' } } }],
    ])('does not take what the registry %s beside it has', async (first, spec, second, otherSpec) => {
      const namespace = await createRestricted(cluster, 'beside');
      await cluster.apply(registryText(namespace, first, spec));
      await untilHealthy(cluster, namespace, first);
      const before = await ownedSpecs(namespace);
      await cluster.apply(registryText(namespace, second, otherSpec));
      await untilConditions(cluster, namespace, second, 'Degraded=True NameTaken', 'Available=False NoPodReady');
      const { body } = await cluster.request('GET', registryPath(namespace, second));
      expect(messageOf(body, 'Degraded')).toMatch(/^\S+ \S+\/a-mlmd is there already and belongs to somebody else/);
      expect(await ownedSpecs(namespace)).toEqual(before);
      await untilHealthy(cluster, namespace, first);
    });

    test.each([
      ['AuthorinoMissing', { auth: { authorino: { url: 'http://authorino:5001' } } }],
      ['GatewayApiMissing', { exposure: { gateway: { host: 'models.example.com', name: 'public' } } }],
    ])('says what the cluster lacks: %s', async (reason, part) => {
      const namespace = await createRestricted(cluster, 'lacks');
      await cluster.apply(registryText(namespace, 'prod', { store: { mlmd: { host: 'mlmd:8080' } }, ...part }));
      await untilConditions(cluster, namespace, 'prod', `Degraded=True ${reason}`, 'Available=True PodsReady');
    });
  });

  test('says that a quota is exceeded, and goes on when there is room', async () => {
    const namespace = await createRestricted(cluster, 'quota');
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'pods', namespace },
      spec: { hard: { pods: '0' } },
    };
    await cluster.apply(JSON.stringify(quota));
    await cluster.apply(registryText(namespace, 'prod', { store: { mlmd: { host: 'mlmd:8080' } } }));
    await untilConditions(cluster, namespace, 'prod', 'Degraded=True QuotaExceeded');
    await cluster.delete(JSON.stringify(quota));
    await untilHealthy(cluster, namespace, 'prod');
  });

  test.each([
    ['ImagePull', { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } }],
    ['SecretMissing', { waiting: { reason: 'CreateContainerConfigError', message: 'secret "mysql" not found' } }],
    ['CrashLoop', { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } }],
  ])('says what its pods say: %s', async (reason, state) => {
    const namespace = await createRestricted(cluster, 'pods');
    await cluster.apply(registryText(namespace, 'prod', { store: { mlmd: { host: 'mlmd:8080' } } }));
    await untilHealthy(cluster, namespace, 'prod');
    const pods = await cluster.request('GET', `/api/v1/namespaces/${namespace}/pods`);
    const [{ metadata, status }] = pods.body.items;
    const containerStatuses = [{ ...status.containerStatuses[0], ready: false, state }];
    const path = `/api/v1/namespaces/${namespace}/pods/${metadata.name}/status`;
    expect((await cluster.request('PATCH', path, { status: { containerStatuses } }, MERGE)).status).toBe(200);
    await untilConditions(cluster, namespace, 'prod', `Degraded=True ${reason}`);
  });

  async function delegators(namespace: string): Promise<readonly string[]> {
    const selector = `labelSelector=modelgraph.dev/namespace%3D${namespace}`;
    const { body } = await cluster.request('GET', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?${selector}`);
    return body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  }

  /** What people and operators write of all that was made, without what controllers tell of it. */
  async function ownedSpecs(namespace: string): Promise<readonly unknown[]> {
    const names = await ownedNames(cluster, namespace);
    const found = await cluster.kubectl(['--namespace', namespace, 'get', '--output', 'json', ...names]);
    return JSON.parse(found).items.map(({ status: _, metadata, ...rest }: Record<string, { uid: string }>) => {
      const { uid, labels, ownerReferences, generation }: Record<string, unknown> = { ...metadata };
      return { ...rest, metadata: { uid, labels, ownerReferences, generation } };
    });
  }

  async function imageOf(namespace: string): Promise<string> {
    const { body } = await cluster.request('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/prod`);
    return body.spec.template.spec.containers[0].image;
  }

  async function events(namespace: string): Promise<readonly string[]> {
    const { body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/events`);
    return body.items
      .filter(({ involvedObject }: { involvedObject: { kind: string } }) => involvedObject.kind === 'ModelRegistry')
      .map(({ type, reason }: { type: string; reason: string }) => `${type} ${reason}`);
  }
});

function messageOf(registry: { status: { conditions: { type: string; message: string }[] } }, type: string): string {
  return registry.status.conditions.find((each) => each.type === type)?.message ?? '';
}
