import { writeFile } from 'node:fs/promises';

/** Where a cluster is, and who comes. */
export interface Login {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly namespace?: string;
}

/** Writes a kubeconfig; JSON is YAML as well. */
export async function writeKubeconfig(path: string, { url, ca, token, namespace = 'default' }: Login): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    'current-context': 'test',
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
}
