import { once } from 'node:events';
import { mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';

import { projectNode, run } from '../process.ts';
import { referencePython } from './require.ts';

const READER = 'test/reference/mlmd_server_config.py';

/** Where the init container and MLMD's server have their files. */
const MLMD = '/etc/mlmd/';

/** Passwords, and what is odd in each. */
export const ODD_PASSWORDS: readonly (readonly [string, string])[] = [
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

/** An init container, as a manifest has it. */
interface InitContainer {
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

/** Runs what the init container runs, on files of its volumes, and has the reference read what it wrote. */
export async function readServerConfig(container: InitContainer, files: Readonly<Record<string, string>>) {
  using volumes = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-mlmd-'));
  mkdirSync(join(volumes.path, 'config'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(volumes.path, dirname(file)), { recursive: true });
    writeFileSync(join(volumes.path, file), text);
  }
  const [, ...args] = container.command;
  const moved = args.map((arg) => arg.replaceAll(MLMD, `${volumes.path}/`));
  const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value.replaceAll('$$', '$')]));
  expect(await run(moved, { command: [projectNode], env })).toMatchObject({ code: 0, stderr: '' });
  return readerSays(readFileSync(join(volumes.path, 'config', 'mlmd.pbtxt'), 'latin1'));
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
export async function startPostgres() {
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
      return { user: fields['user'], database: fields['database'], password: chunk.subarray(5, -1).toString() };
    }
    if (SSL_REQUESTS.includes(chunk.readUInt32BE(4))) socket.write('N');
    else {
      startup = chunk.subarray(8).toString().split('\0');
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // the password as it is, please
    }
  }
  return undefined;
}
