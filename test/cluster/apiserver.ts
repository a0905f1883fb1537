import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ask } from './ask.ts';
import type { Access } from './cluster.ts';
import type { Credentials } from './credentials.ts';
import { freePort } from './free-port.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type OwnPart, startPart } from './part.ts';
import { tool } from './tools-folder.ts';

/** An API server that is ready, and how one gets in. */
export interface Apiserver {
  readonly apiserver: OwnPart;
  readonly access: Omit<Access, 'controllers'>;
}

/** Starts kube-apiserver over an etcd, with RBAC and tokens of ServiceAccounts as a cluster has them. */
export async function startApiserver(folder: string, credentials: Credentials, etcd: string): Promise<Apiserver> {
  const [port, certificates] = [await freePort(), join(folder, 'certificates')];
  const [url, adminToken] = [`https://127.0.0.1:${port}`, credentials.tokens.admin];
  const certificate = join(certificates, 'apiserver.crt');
  const apiserver = await startPart({
    command: [
      tool('kube-apiserver'),
      `--etcd-servers=${etcd}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none', // which else refuses loopback as an endpoint of the service `kubernetes`
      '--service-cluster-ip-range=10.96.0.0/16',
      `--cert-dir=${certificates}`,
      '--authorization-mode=Node,RBAC',
      `--token-auth-file=${credentials.tokenFile}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${credentials.publicKey}`,
      `--service-account-signing-key-file=${credentials.privateKey}`,
      '--allow-privileged=true',
      '--profiling=false',
    ],
    answers: async () =>
      (await ask({ url, ca: await authority(certificate) }, 'GET', '/readyz', undefined, { token: adminToken }))
        .status === 200,
  });
  const ca = await authority(certificate);
  const [caFile, kubeconfig] = [join(folder, 'ca.crt'), join(folder, 'admin.kubeconfig')];
  await writeFile(caFile, ca);
  await writeKubeconfig(kubeconfig, { url, ca, token: adminToken });
  return { apiserver, access: { folder, url, ca, caFile, kubeconfig, adminToken } };
}

/** The last of the certificates that the server made for itself: the one that signed the others. */
async function authority(file: string): Promise<string> {
  const certificates = (await readFile(file, 'utf8')).match(/-----BEGIN.+?-----END CERTIFICATE-----\n/gs);
  const last = certificates?.at(-1);
  if (last === undefined) throw new Error(`no certificate in ${file}`);
  return last;
}
