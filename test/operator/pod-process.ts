import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Cluster } from '../cluster/cluster.ts';
import { addressOf, start } from '../process.ts';

/** The process that stands in for a pod. `await using` ends it. */
export interface PodProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The port of the pod that it stands in for. */
  readonly port: number;
}

interface Container {
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}

/**
 * Does what a pod of this Deployment would do, for none really runs here: `modelgraph` with the very arguments and
 * environment of its container. Only what a pod has of its node is another: it listens on a free port of loopback, its
 * volumes are folders, and its ServiceAccount's token comes in a kubeconfig.
 */
export async function startPodProcess(cluster: Cluster, namespace: string, name: string): Promise<PodProcess> {
  await using stack = new AsyncDisposableStack();
  const { body } = await cluster.request('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  const { containers, serviceAccountName, automountServiceAccountToken } = body.spec.template.spec;
  const [container]: readonly Container[] = containers;
  const port = container?.ports.find((each) => each.name === 'http')?.containerPort;
  if (container === undefined || port === undefined) throw new Error(`Deployment ${name} has no container with a port`);
  const volumes = await mkdtemp(join(tmpdir(), 'modelgraph-pod-'));
  stack.defer(() => rm(volumes, { recursive: true }));
  const login = automountServiceAccountToken
    ? ['--kubeconfig', await cluster.kubeconfigOf(await cluster.token(namespace, serviceAccountName), namespace)]
    : [];
  const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]));
  const running = stack.use(start([...movedArgs(container, port, volumes), ...login], { env }));
  const url = await addressOf(running);
  const owned = stack.move();
  return { url, port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function movedArgs({ args, volumeMounts }: Container, port: number, volumes: string): string[] {
  const moved: Readonly<Record<string, string>> = { '--host 0.0.0.0': '127.0.0.1', [`--port ${port}`]: '0' };
  return args.map((arg, index) => {
    const mount = volumeMounts.find(({ mountPath }) => arg.startsWith(`${mountPath}/`));
    return mount === undefined
      ? (moved[`${args[index - 1]} ${arg}`] ?? arg)
      : join(volumes, arg.slice(mount.mountPath.length));
  });
}
