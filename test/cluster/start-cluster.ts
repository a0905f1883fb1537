import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { standsStill } from '../stands-still.ts';
import { startApiserver } from './apiserver.ts';
import { type Cluster, connectCluster } from './cluster.ts';
import { startControllers } from './controllers.ts';
import { writeCredentials } from './credentials.ts';
import { startEtcd } from './etcd.ts';
import { startKwok } from './kwok.ts';
import type { OwnPart, Part } from './part.ts';
import { until } from './until.ts';

/** A control plane that a test has for itself, to break and to mend. `await using` ends it. */
export interface OwnCluster extends Cluster, AsyncDisposable {
  readonly apiserver: Part;
  readonly etcd: Part;
  /** Copies what etcd holds now, without an outage; the path of the copy. */
  saveEtcd(): Promise<string>;
  /** Kills etcd and starts it with such a copy. The API server is not told. */
  restoreEtcd(saved: string): Promise<void>;
}

/** What runs beside etcd and the API server. */
export interface ClusterOptions {
  /** The controller manager: Deployments get ReplicaSets and pods, owned objects go with their owners. */
  readonly controllers?: boolean;
  /** A scheduler, a node and KWOK, which says that pods run though none does; with the controllers. */
  readonly kwok?: boolean;
}

/** Starts a control plane on free ports in a folder of its own, and waits until it answers. */
export async function startCluster(options: ClusterOptions = {}): Promise<OwnCluster> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-cluster-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [credentials, { etcd, url, data }] = await Promise.all([writeCredentials(folder), startEtcd(folder)]);
  stack.use(etcd);
  const { apiserver, access } = await startApiserver(folder, credentials, url);
  stack.use(apiserver);
  const kwok = options.kwok ?? false;
  const controllers = kwok || (options.controllers ?? false);
  const cluster = connectCluster({ ...access, controllers });
  if (controllers) stack.use(await startControllers(cluster, credentials));
  if (kwok) stack.use(await startKwok(cluster, credentials));
  const owned = stack.move();
  return {
    ...cluster,
    apiserver,
    etcd,
    ...savings(etcd, data),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function savings(etcd: OwnPart, data: string): Pick<OwnCluster, 'saveEtcd' | 'restoreEtcd'> {
  let count = 0;
  return {
    // A copy while it stands still is what a crash would leave, which etcd reads.
    async saveEtcd() {
      const saved = `${data}-${++count}`;
      etcd.signal('SIGSTOP');
      try {
        await until('etcd to stand still', () => standsStill(etcd.pid));
        await cp(data, saved, { recursive: true });
      } finally {
        etcd.signal('SIGCONT');
      }
      return saved;
    },
    async restoreEtcd(saved) {
      await etcd.kill();
      await rm(data, { recursive: true });
      await cp(saved, data, { recursive: true });
      await etcd.start();
    },
  };
}
