import { join } from 'node:path';

import { freePort } from './free-port.ts';
import { type OwnPart, startPart } from './part.ts';
import { tool } from './tools-folder.ts';

/** An etcd that runs: where it answers and where it keeps its data. */
export interface Etcd {
  readonly etcd: OwnPart;
  readonly url: string;
  readonly data: string;
}

/** Starts etcd. It does not wait for the disk: what it holds dies with the test. */
export async function startEtcd(folder: string): Promise<Etcd> {
  const [url, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const data = join(folder, 'etcd');
  const clients = ['--listen-client-urls', url, '--advertise-client-urls', url];
  const peers = ['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer];
  const files = ['--data-dir', data, '--unsafe-no-fsync', '--log-level', 'warn'];
  const cluster = ['--name', 'test', '--initial-cluster', `test=${peer}`];
  const etcd = await startPart({
    command: [tool('etcd'), ...cluster, ...clients, ...peers, ...files],
    answers: async () => (await fetch(`${url}/health`)).ok,
  });
  return { etcd, url, data };
}
