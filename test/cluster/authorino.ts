import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Cluster } from './cluster.ts';
import { freePort } from './free-port.ts';
import { type Part, startPart } from './part.ts';
import { tool } from './tools-folder.ts';
import { until } from './until.ts';

/** An Authorino for the AuthConfigs of one namespace. `await using` ends it. */
export interface Authorino extends Part, AsyncDisposable {
  /** `http://127.0.0.1:PORT`; it decides at `/check`. */
  readonly url: string;
  /** Asks `/check` for a host of an AuthConfig, which goes as the header Host, with a bearer token. */
  check(host: string, options?: { readonly token?: string; readonly body?: unknown }): Promise<Decision>;
  /** Resolves when an AuthConfig has this host and decides. */
  knows(host: string): Promise<void>;
}

/** What Authorino says: 200, 401, 403, or 404 where no AuthConfig has the host. */
export interface Decision {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Installs Authorino's resources and roles in the cluster and starts it under a ServiceAccount of the namespace. */
export async function startAuthorino(cluster: Cluster, namespace: string): Promise<Authorino> {
  await using stack = new AsyncDisposableStack();
  await install(cluster, namespace);
  const folder = await mkdtemp(join(tmpdir(), 'modelgraph-authorino-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'token'), await cluster.token(namespace, 'authorino', { expirationSeconds: 86_400 }));
  await writeFile(join(folder, 'ca.crt'), cluster.ca);
  const port = await freePort();
  const check: Authorino['check'] = (host, { token, body } = {}) => ask(port, host, token, body);
  const part = stack.use(
    await startPart({
      command: inPod(folder, [
        tool('authorino'),
        'server',
        `--watch-namespace=${namespace}`,
        `--ext-auth-http-port=${port}`,
        ...['--ext-auth-grpc-port=0', '--oidc-http-port=0', '--metrics-addr=0', '--health-probe-addr=0'],
      ]),
      env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: new URL(cluster.url).port },
      answers: async () => (await check('nobody.test')).status === 404,
    }),
  );
  const owned = stack.move();
  return {
    ...{ url: `http://127.0.0.1:${port}`, kill: part.kill, start: part.start, check },
    knows: (host) => until(`an AuthConfig of ${host}`, async () => (await check(host)).status !== 404),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function install(cluster: Cluster, namespace: string): Promise<void> {
  await cluster.apply(await readFile(tool('authorino.yaml'), 'utf8'));
  // kubectl fails, in place of waiting, while a resource has no conditions yet.
  const wait = ['wait', '--for=condition=Established', 'crd/authconfigs.authorino.kuadrant.io'];
  await until('the resources of Authorino', async () => (await cluster.kubectl(wait)) !== '');
  await cluster.createServiceAccount(namespace, 'authorino');
  await cluster.apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: ${namespace}-authorino }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: authorino-manager-k8s-auth-role }
subjects: [{ kind: ServiceAccount, name: authorino, namespace: ${namespace} }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: authorino, namespace: ${namespace} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: authorino-manager-role }
subjects: [{ kind: ServiceAccount, name: authorino, namespace: ${namespace} }]
`);
}

/**
 * A command that finds the files of a pod's ServiceAccount where a pod has them, the only place where Authorino looks:
 * in a /run that only this process sees.
 */
function inPod(folder: string, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const script = `set -e
    mount -t tmpfs tmpfs /var/run
    mkdir -p /var/run/secrets/kubernetes.io
    cp -R "$1" /var/run/secrets/kubernetes.io/serviceaccount
    shift
    exec setpriv --pdeathsig KILL "$@"`; // again: a new user namespace takes it away
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return ['unshare', '--mount', ...asRoot, 'sh', '-c', script, 'sh', folder, ...command];
}

function ask(port: number, host: string, token: string | undefined, body: unknown): Promise<Decision> {
  const { promise, resolve, reject } = Promise.withResolvers<Decision>();
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { host, 'content-type': 'application/json', ...authorization };
  const asked = request({ host: '127.0.0.1', port, path: '/check', method: 'POST', headers, agent: false });
  asked.on('error', reject);
  asked.on('response', (response) => {
    response.resume();
    resolve({ status: response.statusCode ?? 0, headers: response.headers });
  });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}
