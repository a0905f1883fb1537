import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ReadAccess } from './cluster-access.ts';

/** Where a pod finds the API server, its own token and the cluster's authority. */
export interface PodSurroundings {
  readonly host: string;
  readonly port: string;
  readonly folder: string;
}

/** Access as the pod's own service account. */
export function accessOfPod({ host, port, folder }: PodSurroundings): ReadAccess {
  const server = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return async () => {
    const [token, ca] = await Promise.all(['token', 'ca.crt'].map((file) => readFile(join(folder, file), 'utf8')));
    return { server, tls: { ca: ca ?? '' }, token: token?.trim() ?? '' };
  };
}
