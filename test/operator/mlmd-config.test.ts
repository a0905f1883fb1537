import { once } from 'node:events';
import { mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { desiredObjects } from '../../src/operator/desired/objects.ts';
import { nameOf } from '../../src/operator/kube/kube-object.ts';
import type { RegistrySpec } from '../../src/operator/registry/model-registry.ts';
import { projectNode, run } from '../process.ts';
import { referencePython, requireReference } from '../reference/require.ts';
import { registryOf } from './sample.ts';

const missing = requireReference();
const SERVER = { image: 'mlmd:1', resources: { requests: {}, limits: {} } };
const READER = 'test/reference/mlmd_server_config.py';

const ODD: readonly (readonly [string, string])[] = [
  ['letters', 'hunter2'],
  ['quotes', `a"b'c\`d`],
  ['backslashes', '\\ \\n \\042 \\\\'],
  ['newlines', 'one\r\ntwo\n'],
  ['unicode', 'пароль-🔑-é'],
  ['control characters', '\u0001\t\u007f'],
  ['what a replacement would mean', "$& $1 $' $` $$"],
  ['the mark itself', '@PASSWORD@'],
  ['what would go on with other fields', '" } } migration_options { downgrade_to_schema_version: 1 } #'],
];

describe.skipIf(missing !== undefined)(`what MLMD's server is told ${missing ?? ''}`, { timeout: 120_000 }, () => {
  test.each(ODD)('a password of %s, for MySQL', async (_what, password) => {
    const { meant } = await read({ mysql: database({ port: 3306 }) }, password);
    const mysql = { host: '127.0.0.1', port: '3306', database: 'meta "data"', user: 'ü\\ser', password };
    expect(meant).toEqual(understood({ mysql: { ...mysql, ssl_options: TLS.mysql } }));
  });

  test.each(ODD)('a password of %s, for PostgreSQL, and the engine shows it', async (_what, password) => {
    await using postgres = await startPostgres();
    const { port } = postgres;
    const { tls: _, ...open } = database({ port });
    const { meant, said } = await read({ postgres: open }, password);
    expect(postgres.shown()).toEqual({ user: 'ü\\ser', password });
    const postgresql = { host: '127.0.0.1', port: `${port}`, dbname: 'meta "data"' };
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

/** Runs what the init container runs, on files of its volumes, and has the reference read what it wrote. */
async function read(databases: Databases, password: string) {
  using volumes = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-mlmd-'));
  const objects = desiredObjects({
    registry: registryOf({ store: { mlmdServer: { ...SERVER, ...databases } } }),
    defaultImage: 'modelgraph:1',
  });
  const found = (name: string) => objects.find((object) => nameOf(object) === name);
  for (const folder of ['template', 'password', 'config']) mkdirSync(join(volumes.path, folder));
  for (const [file, text] of Object.entries(Object(found('ConfigMap shop/prod-mlmd')?.['data']))) {
    writeFileSync(join(volumes.path, 'template', file), String(text));
  }
  writeFileSync(join(volumes.path, 'password', 'password'), password);
  const [, ...args]: readonly string[] = Object(found('Deployment shop/prod-mlmd')?.['spec']).template.spec
    .initContainers[0].command;
  const moved = args.map((arg) => arg.replaceAll('/etc/mlmd/', `${volumes.path}/`));
  expect(await run(moved, { command: [projectNode] })).toMatchObject({ code: 0, stderr: '' });
  const text = readFileSync(join(volumes.path, 'config', 'mlmd.pbtxt'), 'latin1');
  return readerSays(text);
}

async function readerSays(text: string) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-pbtxt-'));
  writeFileSync(join(folder.path, 'text'), text, 'latin1');
  const line = `exec "${referencePython}" "${READER}" < "${join(folder.path, 'text')}"`;
  const { code, stdout, stderr } = await run(['-c', line], { command: ['sh'] });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const SSL_REQUESTS = [80_877_103, 80_877_104];

/** A server that asks for the password in PostgreSQL's protocol, and then lets nobody in: MLMD escapes nothing by itself. */
async function startPostgres() {
  let shown: unknown;
  const server = createServer(async (socket) => {
    socket.on('error', () => undefined);
    shown = (await login(socket)) ?? shown;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    shown: () => shown,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function login(socket: Socket) {
  let startup: readonly string[] | undefined;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    if (startup !== undefined) {
      socket.destroy();
      const fields = Object.fromEntries(
        startup.flatMap((name, at) => (at % 2 === 0 ? [[name, startup?.[at + 1]]] : [])),
      );
      return { user: fields['user'], password: chunk.subarray(5, -1).toString() };
    }
    if (SSL_REQUESTS.includes(chunk.readUInt32BE(4))) socket.write('N');
    else {
      startup = chunk.subarray(8).toString().split('\0');
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // the password as it is, please
    }
  }
  return undefined;
}
