import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

import { RegistryError } from '../../errors.ts';
import type { ClusterAccess, ReadAccess } from './cluster-access.ts';

/**
 * Access as the current context of a kubeconfig file says it, by client certificate or token. INVALID_ARGUMENT for a file
 * that cannot be used.
 */
export function accessByKubeconfig(file: string): ReadAccess {
  return async () => {
    const config = record(await readYaml(file));
    const context = chosen(file, config, 'context', config['current-context']);
    const cluster = chosen(file, config, 'cluster', context['cluster']);
    const user = chosen(file, config, 'user', context['user']);
    const unknown = UNUSED.find((name) => (user[name] ?? cluster[name]) !== undefined);
    if (unknown)
      throw problem(file, `has ${unknown}, which ModelGraph does not use; give a token or a client certificate`);
    const folder = dirname(file);
    const [ca, cert, key] = await Promise.all([
      contentOf(folder, cluster, 'certificate-authority'),
      contentOf(folder, user, 'client-certificate'),
      contentOf(folder, user, 'client-key'),
    ]);
    const { 'tls-server-name': servername } = cluster;
    const tls = defined({ ca, cert, key, servername: textOf(servername) });
    return {
      server: serverOf(file, cluster),
      tls,
      ...defined({ token: await tokenOf(folder, user) }),
    } satisfies ClusterAccess;
  };
}

/** What other clients can do, and what would make it another server or another user if it were passed over. */
const UNUSED = [
  'exec',
  'auth-provider',
  'username',
  'as',
  'as-groups',
  'insecure-skip-tls-verify',
  'proxy-url',
] as const;

type Fields = Readonly<Record<string, unknown>>;

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw problem(file, 'cannot be read', cause);
  }
}

/** The entry of that name in `contexts`, `clusters` or `users`. */
function chosen(file: string, config: Fields, kind: 'context' | 'cluster' | 'user', name: unknown): Fields {
  const all: unknown = config[`${kind}s`];
  const found = Array.isArray(all) ? all.map(record).find((each) => each['name'] === name) : undefined;
  if (name === undefined || !found) throw problem(file, `has no ${kind} '${String(name ?? '')}'`);
  return record(found[kind]);
}

function serverOf(file: string, { server }: Fields): URL {
  const url = typeof server === 'string' && URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol !== 'https:') throw problem(file, 'names no server with https');
  return url;
}

/** `NAME-data` in Base64, or the file `NAME`. */
async function contentOf(folder: string, from: Fields, name: string): Promise<string | undefined> {
  const data = textOf(from[`${name}-data`]);
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const file = textOf(from[name]);
  return file === undefined ? undefined : readFile(resolve(folder, file), 'utf8');
}

async function tokenOf(folder: string, { token, tokenFile }: Fields): Promise<string | undefined> {
  const file = textOf(tokenFile);
  return file === undefined ? textOf(token) : (await readFile(resolve(folder, file), 'utf8')).trim();
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Without the fields that are undefined. */
function defined<Name extends string>(fields: Readonly<Record<Name, string | undefined>>): { [Each in Name]?: string } {
  const found: { [Each in Name]?: string } = {};
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name];
  return found;
}

function problem(file: string, what: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', `The kubeconfig ${file} ${what}.`, { cause });
}
