import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { requireCluster } from '../cluster/require.ts';
import { type OwnCluster, startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import type { Running } from '../process.ts';
import { keepOperator } from './kept-operator.ts';
import { install, ownedNames, ownKubeconfig, registryText, runOperator, stopOperator } from './rig.ts';

const missing = requireCluster();
/** A short lease: what is waited for here is its end. */
const LEASE = ['--lease-seconds', '8'];
const SPEC = { replicas: 0, store: { mlmd: { host: 'mlmd:8080' } } };

describe.skipIf(missing !== undefined)(`an operator ${missing ?? ''}`, { timeout: 240_000 }, () => {
  let cluster: OwnCluster;
  let stack: AsyncDisposableStack;
  let namespace: string;
  let kubeconfig: string;
  beforeAll(async () => {
    cluster = await startCluster({ controllers: true });
    await install(cluster);
    kubeconfig = await ownKubeconfig(cluster);
  }, 180_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);
  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    namespace = await cluster.createNamespace('outage');
  });
  afterEach(() => stack?.disposeAsync(), 60_000);

  test('takes over from one that was killed, that stands still, or that goes', async () => {
    const first = await leading();
    const second = stack.use(runOperator(kubeconfig, ...LEASE));
    await second.seen(/answering probes/);
    await make('one');
    expect(second.stderr).not.toContain('leading');
    first.kill('SIGKILL');
    await make('two');
    expect(second.stderr).toContain('leading');

    const third = stack.use(runOperator(kubeconfig, ...LEASE));
    second.kill('SIGSTOP');
    await make('three');
    expect(third.stderr).toContain('leading');
    second.kill('SIGCONT');
    expect(await second.ended()).toBe(1);
    expect(second.stderr).toContain('The lease was lost');

    const fourth = stack.use(runOperator(kubeconfig, ...LEASE));
    await fourth.seen(/answering probes/);
    await stopOperator(third);
    const { body } = await cluster.request(
      'GET',
      '/apis/coordination.k8s.io/v1/namespaces/modelgraph-system/leases/modelgraph-operator',
    );
    expect(body.spec.leaseTransitions).toBeGreaterThan(2);
    await make('four');
    await stopOperator(fourth);
  });

  test('goes on after a short outage of the API server', async () => {
    const operator = stack.use(keepOperator(kubeconfig, ...LEASE));
    await make('one');
    await cluster.apiserver.kill();
    await cluster.apiserver.start();
    await make('two');
    await mendsService('one');
    await operator.stop();
  });

  test('ends in a long one, as it may lead no longer, and the next one waits for its end and heals', async () => {
    const operator = await leading();
    await make('one');
    await cluster.apiserver.kill();
    expect(await operator.ended()).toBe(1);
    // As the kubelet starts it again.
    const next = stack.use(runOperator(kubeconfig, ...LEASE));
    await until('several tries', () => (next.stderr.match(/ECONNREFUSED/g) ?? []).length > 3);
    await cluster.apiserver.start();
    await make('two');
    await mendsService('one');
    await stopOperator(next);
  });

  test('heals when etcd went back to an older state, which lacks something', async () => {
    const operator = stack.use(keepOperator(kubeconfig, ...LEASE));
    await make('old');
    operator.current.kill('SIGSTOP');
    await cluster.request('DELETE', servicePath('old'));
    const saved = await cluster.saveEtcd();
    operator.current.kill('SIGCONT');
    await untilService('old');
    await make('young');
    await cluster.restoreEtcd(saved);
    // As an administrator does who restores etcd: the API server would go on to tell what it remembers.
    await cluster.apiserver.kill();
    await cluster.apiserver.start();
    await untilService('old');
    // The operator may have put it back while the API server still remembered whose it was; then it is collected.
    await until('what nobody owns to be gone', async () => {
      const names = await ownedNames(cluster, namespace);
      return !names.includes('Deployment/young');
    });
    await make('young');
    await operator.stop();
  });

  async function leading(): Promise<Running> {
    const operator = stack.use(runOperator(kubeconfig, ...LEASE));
    await operator.seen(/"watching"/);
    return operator;
  }

  async function make(name: string): Promise<void> {
    await until(`to be told of ${name}`, async () => {
      await cluster.apply(registryText(namespace, name, SPEC));
      return true;
    });
    await until(`what ${name} is made of`, async () =>
      (await ownedNames(cluster, namespace)).includes(`Deployment/${name}`),
    );
  }

  function servicePath(name: string): string {
    return `/api/v1/namespaces/${namespace}/services/${name}`;
  }

  async function mendsService(name: string): Promise<void> {
    await until('to be deleted', async () => (await cluster.request('DELETE', servicePath(name))).status === 200);
    await untilService(name);
  }

  async function untilService(name: string): Promise<void> {
    await until(`the Service ${name}`, async () => (await cluster.request('GET', servicePath(name))).status === 200);
  }
});
