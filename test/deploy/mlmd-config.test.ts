import { describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { ODD_PASSWORDS, readServerConfig, startPostgres } from '../reference/server-config.ts';
import { requireTools } from '../require-tool.ts';
import { type KubeObject, podOf } from './kube-object.ts';
import { HELM, helmTemplate, KUBECTL, kustomize } from './render.ts';

const missing = requireReference() ?? requireTools([HELM, KUBECTL]);

/** Names that YAML, a shell, Kubernetes, the text format and PostgreSQL's library each would take for something else. */
const DATABASE = `meta "da'ta" $(DATABASE_USER) $$ \\{{ü🔑`;
const USER = `us'er: #\\"$(HOME)`;

describe.skipIf(missing)(`what MLMD's server of the manifests is told ${missing ?? ''}`, { timeout: 120_000 }, () => {
  test.each(ODD_PASSWORDS)('a password of %s, by the chart, and the engine shows it', async (_what, password) => {
    await using postgres = await startPostgres();
    const objects = await chart({ type: 'postgres', host: '127.0.0.1' });
    const { said } = await read(objects, password, { DATABASE_PORT: String(postgres.port) });
    expect(postgres.shown()).toEqual({ user: USER, database: DATABASE, password });
    expect(said).not.toBe('connected');
  });

  test('all of them as one, by the chart, for MySQL', async () => {
    const password = ODD_PASSWORDS.map(([, text]) => text).join('');
    const { meant } = await read(await chart({ type: 'mysql', host: '127.0.0.1' }), password, {});
    const mysql = { host: '127.0.0.1', port: '3306', database: DATABASE, user: USER, password };
    expect(meant).toEqual(understood({ mysql }));
  });

  // The overlays have the words of the chart (manifests.test.ts), so that one password shows what is their own.
  test('a password by the overlay of PostgreSQL, and the engine shows it', async () => {
    await using postgres = await startPostgres();
    const { objects } = await kustomize('overlays/mlmd-postgres');
    const here = { DATABASE_HOST: '127.0.0.1', DATABASE_PORT: String(postgres.port) };
    const { meant } = await read(objects, 'a "\\b', here);
    expect(postgres.shown()).toEqual({ user: 'modelgraph', database: 'modelgraph', password: 'a "\\b' });
    expect(meant).toMatchObject(understood({ postgresql: { skip_db_creation: true } }));
  });

  test('what the overlay of MySQL tells', async () => {
    const { objects } = await kustomize('overlays/mlmd-mysql');
    const { meant } = await read(objects, 'x', {});
    const named = { host: 'modelgraph-mysql', port: '3306', database: 'modelgraph', user: 'modelgraph', password: 'x' };
    expect(meant).toEqual(understood({ mysql: named }));
  });

  test('no password among arguments and variables, but that of the database itself', async () => {
    const made = [await chart({ type: 'postgres', host: 'a' }), (await kustomize('overlays/mlmd-mysql')).objects];
    for (const objects of made) {
      const pods = objects.filter(({ kind }) => kind === 'Deployment').map(podOf);
      expect(JSON.stringify(pods)).not.toMatch(/secretKeyRef|_password=/);
    }
  });
});

function understood(connection: object) {
  return { connection_config: connection, migration_options: { enable_upgrade_migration: true } };
}

async function chart({ type, host }: { readonly type: string; readonly host: string }) {
  const passwordSecret = { name: 'models-db', key: "pass'word" };
  const database = { type, create: false, host, name: DATABASE, user: USER, passwordSecret };
  return (await helmTemplate(JSON.stringify({ store: { type: 'mlmdServer', mlmdServer: { database } } }))).objects;
}

/** What the reference reads of what these objects make, with some of the variables changed. */
function read(objects: readonly KubeObject[], password: string, changed: Readonly<Record<string, string>>) {
  const mlmd = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'modelgraph-mlmd');
  const { initContainers, volumes } = mlmd?.['spec'].template.spec ?? {};
  const [{ command, env }] = initContainers;
  const [{ path }] = volumes.find(({ name }: { readonly name: string }) => name === 'password').secret.items;
  const variables = env.map(({ name, value }: { readonly name: string; readonly value: string }) => {
    return { name, value: changed[name] ?? value };
  });
  return readServerConfig({ command, env: variables }, { [`password/${path}`]: password });
}
