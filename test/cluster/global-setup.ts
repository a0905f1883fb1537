import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

import type { Access } from './cluster.ts';
import type { OwnCluster } from './start-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket: who connects to it is told where the shared cluster is. */
    clusterDoor: string;
  }
}

/**
 * Keeps the cluster that test files share: they run in processes that come and go, this one outlives them. It starts
 * when the first of them asks, and ends with the run.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-door-'));
  const door = join(folder, 'door');
  let cluster: Promise<OwnCluster> | undefined;
  const server = createServer(async (_request, response) => {
    cluster ??= start();
    await tell(response, cluster);
  });
  await once(server.listen(door), 'listening');
  provide('clusterDoor', door);
  return async () => {
    server.close();
    server.closeAllConnections();
    await (await cluster?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
}

/** Loaded late: most runs need none. */
async function start(): Promise<OwnCluster> {
  const { startCluster } = await import('./start-cluster.ts');
  return startCluster({ kwok: true });
}

async function tell(response: ServerResponse, cluster: Promise<OwnCluster>): Promise<void> {
  try {
    const { folder, url, ca, caFile, kubeconfig, adminToken, controllers } = await cluster;
    const access: Access = { folder, url, ca, caFile, kubeconfig, adminToken, controllers };
    response.writeHead(200).end(JSON.stringify(access));
  } catch (error) {
    response.writeHead(500).end(`the shared cluster did not start: ${error}`);
  }
}
