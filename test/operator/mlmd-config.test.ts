import { describe, expect, test } from 'vitest';

import { desiredObjects } from '../../src/operator/desired/objects.ts';
import { nameOf } from '../../src/operator/kube/kube-object.ts';
import type { RegistrySpec } from '../../src/operator/registry/model-registry.ts';
import { requireReference } from '../reference/require.ts';
import { ODD_PASSWORDS, readServerConfig, startPostgres } from '../reference/server-config.ts';
import { registryOf } from './sample.ts';

const missing = requireReference();
const SERVER = { image: 'mlmd:1', resources: { requests: {}, limits: {} } };

describe.skipIf(missing !== undefined)(`what MLMD's server is told ${missing ?? ''}`, { timeout: 120_000 }, () => {
  test.each(ODD_PASSWORDS)('a password of %s, for MySQL', async (_what, password) => {
    const { meant } = await read({ mysql: database({ port: 3306 }) }, password);
    const mysql = { host: '127.0.0.1', port: '3306', database: 'meta "data"', user: 'ü\\ser', password };
    expect(meant).toEqual(understood({ mysql: { ...mysql, ssl_options: TLS.mysql } }));
  });

  test.each(ODD_PASSWORDS)('a password of %s, for PostgreSQL, and the engine shows it', async (_what, password) => {
    await using postgres = await startPostgres();
    const { port } = postgres;
    const { tls: _, ...open } = database({ port });
    const { meant, said } = await read({ postgres: open }, password);
    expect(postgres.shown()).toEqual({ user: 'ü\\ser', database: 'meta "data"', password });
    const postgresql = { host: '127.0.0.1', port: `${port}`, skip_db_creation: true };
    expect(meant).toMatchObject(understood({ postgresql }));
    expect(said).not.toBe('connected');
  });

  test('the authorities of PostgreSQL', async () => {
    const { meant } = await read({ postgres: database({ port: 5432 }) }, 'x');
    expect(meant).toMatchObject({ connection_config: { postgresql: { ssloption: TLS.postgres } } });
  });
});

const TLS = {
  mysql: { ca: '/etc/mlmd/database-ca/db-ca.crt', verify_server_cert: true },
  postgres: { sslmode: 'verify-full', sslrootcert: '/etc/mlmd/database-ca/db-ca.crt' },
};

function understood(connection: object) {
  return { connection_config: connection, migration_options: { enable_upgrade_migration: true } };
}

function database({ port }: { readonly port: number }) {
  return {
    ...{ host: '127.0.0.1', port, database: 'meta "data"', username: 'ü\\ser' },
    passwordSecret: { name: 'db', key: 'password' },
    tls: { caSecret: { name: 'ca', key: 'db-ca.crt' } },
  };
}

type Databases = Pick<NonNullable<RegistrySpec['store']['mlmdServer']>, 'mysql' | 'postgres'>;

/** What the reference reads of what the operator makes. */
function read(databases: Databases, password: string) {
  const objects = desiredObjects({
    registry: registryOf({ store: { mlmdServer: { ...SERVER, ...databases } } }),
    defaultImage: 'modelgraph:1',
  });
  const found = (name: string) => objects.find((object) => nameOf(object) === name);
  const templates = Object.entries(Object(found('ConfigMap shop/prod-mlmd')?.['data']));
  const files = Object.fromEntries(templates.map(([file, text]) => [`template/${file}`, String(text)]));
  const [container] = Object(found('Deployment shop/prod-mlmd')?.['spec']).template.spec.initContainers;
  return readServerConfig(container, { ...files, 'password/password': password });
}
