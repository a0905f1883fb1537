import { join } from 'node:path';

import type { Cluster } from './cluster.ts';
import type { Credentials } from './credentials.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type OwnPart, startPart } from './part.ts';
import { tool } from './tools-folder.ts';

/** Starts kube-controller-manager with all controllers but those of clouds and of nodes' addresses. */
export async function startControllers(cluster: Cluster, { tokens, privateKey }: Credentials): Promise<OwnPart> {
  const kubeconfig = join(cluster.folder, 'controller-manager.kubeconfig');
  await writeKubeconfig(kubeconfig, { ...cluster, token: tokens.controllerManager });
  return startPart({
    command: [
      tool('kube-controller-manager'),
      `--kubeconfig=${kubeconfig}`,
      '--secure-port=0',
      '--leader-elect=false',
      `--service-account-private-key-file=${privateKey}`,
      `--root-ca-file=${cluster.caFile}`,
      '--use-service-account-credentials=true', // its own account may not make ReplicaSets
      '--controllers=*,-node-ipam-controller,-cloud-node-lifecycle-controller',
    ],
    answers: async () => {
      const { status } = await cluster.request('GET', '/api/v1/namespaces/default/serviceaccounts/default');
      return status === 200;
    },
  });
}
