import { join } from 'node:path';

import type { Cluster } from './cluster.ts';
import type { Credentials } from './credentials.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { startPart } from './part.ts';
import { tool } from './tools-folder.ts';
import { until } from './until.ts';

const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'test', annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  status: {
    allocatable: { cpu: '64', memory: '256Gi', pods: '1000' },
    capacity: { cpu: '64', memory: '256Gi', pods: '1000' },
  },
};

/** Starts a scheduler and KWOK, and makes a node, of which KWOK says that it is ready and that its pods run. */
export async function startKwok(cluster: Cluster, { tokens }: Credentials): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const kubeconfig = join(cluster.folder, 'scheduler.kubeconfig');
  await writeKubeconfig(kubeconfig, { ...cluster, token: tokens.scheduler });
  const login = `--kubeconfig=${kubeconfig}`;
  stack.use(await startPart({ command: [tool('kube-scheduler'), login, '--secure-port=0', '--leader-elect=false'] }));
  const flags = ['--manage-all-nodes=true', '--node-lease-duration-seconds=40', `--config=${tool('kwok-stages.yaml')}`];
  stack.use(await startPart({ command: [tool('kwok'), `--kubeconfig=${cluster.kubeconfig}`, ...flags] }));
  await cluster.request('POST', '/api/v1/nodes', NODE);
  await until('the node to be ready', async () => {
    const { body } = await cluster.request('GET', '/api/v1/nodes/test');
    return body.status.conditions.some(
      (each: { type: string; status: string }) => each.type === 'Ready' && each.status === 'True',
    );
  });
  return stack.move();
}
