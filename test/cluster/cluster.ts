import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Answer, type AskOptions, ask } from './ask.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { tool } from './tools-folder.ts';
import { until } from './until.ts';

/** Where a control plane is and how one gets in; plain data, to hand to another process. */
export interface Access {
  /** Of the cluster's files. */
  readonly folder: string;
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly caFile: string;
  /** A path. Its user is in the group `system:masters`. */
  readonly kubeconfig: string;
  /** The bearer token of that user. */
  readonly adminToken: string;
  /** Whether the controllers run, without which no namespace has a default ServiceAccount. */
  readonly controllers: boolean;
}

/** A control plane, for tests. */
export interface Cluster extends Access {
  /** A request as administrator, or with another token; JSON in and out. Gives any status, throws where there is no answer. */
  request(method: string, path: string, body?: unknown, options?: AskOptions): Promise<Answer>;
  /** What kubectl writes, as administrator; throws with its stderr. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Server-side apply of all documents. */
  apply(yaml: string): Promise<void>;
  /** Deletes what the documents name and waits until it is gone. */
  delete(yaml: string): Promise<void>;
  /** A new namespace `PREFIX-…`, ready for pods where the controllers run; its name. */
  createNamespace(prefix: string): Promise<string>;
  createServiceAccount(namespace: string, name: string): Promise<void>;
  /** A token of a ServiceAccount by TokenRequest: by default for the API server itself, and for an hour. */
  token(namespace: string, name: string, options?: TokenOptions): Promise<string>;
  /** Writes a kubeconfig with this token; its path. */
  kubeconfigOf(token: string, namespace?: string): Promise<string>;
}

/** What a token is for and how long; Kubernetes gives none for less than 600 seconds. */
export interface TokenOptions {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
}

/** The functions of a cluster that runs. */
export function connectCluster(access: Access): Cluster {
  const request: Cluster['request'] = (method, path, body, options = {}) =>
    ask(access, method, path, body, { token: access.adminToken, ...options });
  const kubectl: Cluster['kubectl'] = (args, input) => runKubectl(access, args, input);
  return {
    ...access,
    request,
    kubectl,
    async apply(yaml) {
      await kubectl(['apply', '--server-side', '--force-conflicts', '--filename', '-'], yaml);
    },
    async delete(yaml) {
      await kubectl(['delete', '--ignore-not-found', '--filename', '-'], yaml);
    },
    async createNamespace(prefix) {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`;
      await made(request, '/api/v1/namespaces', { metadata: { name } });
      const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
      if (access.controllers) await until(account, async () => (await request('GET', account)).status === 200);
      return name;
    },
    async createServiceAccount(namespace, name) {
      await made(request, `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
    },
    async token(namespace, name, spec = {}) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      return (await made(request, path, { spec })).body.status.token;
    },
    async kubeconfigOf(token, namespace = 'default') {
      const path = join(access.folder, `${randomBytes(8).toString('hex')}.kubeconfig`);
      await writeKubeconfig(path, { ...access, token, namespace });
      return path;
    },
  };
}

async function made(request: Cluster['request'], path: string, body: unknown): Promise<Answer> {
  const answer = await request('POST', path, body);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

async function runKubectl({ folder, kubeconfig }: Access, args: readonly string[], input = ''): Promise<string> {
  const flags = ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'kubectl')];
  const running = promisify(execFile)(tool('kubectl'), [...flags, ...args], { maxBuffer: 64 * 1024 * 1024 });
  running.child.stdin?.on('error', () => undefined).end(input); // it may end without reading
  return (await running).stdout;
}
