import { mkdtempDisposableSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

import { openStore } from '../src/mlmd/open.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { post } from './harness.ts';
import { addressOf, logLines, projectNode, type Running, run, start } from './process.ts';

const temporary = () => mkdtempDisposableSync(join(tmpdir(), 'modelgraph-mlmd-'));
const BIN = resolve(import.meta.dirname, '../tools/modelgraph.cjs');

describe('mlmd', () => {
  test('serves a store over gRPC until SIGTERM, and the file has what was written', async () => {
    using folder = temporary();
    const args = ['mlmd', '--db', 'new.db', '--port', '0'];
    {
      await using server = start(args, { cwd: folder.path });
      await withClient(server, (store) => putType(store, 'one'));
      await stop(server);
      expect(logLines(server.stderr).map(({ msg }) => msg)).toEqual([
        'created the empty store new.db',
        'stopping',
        'stopped',
      ]);
    }
    expect(readdirSync(folder.path)).toEqual(['new.db']);
    await using server = start(args, { cwd: folder.path });
    expect(await withClient(server, typeNames)).toContain('one');
    await stop(server);
  });

  test.each([
    ['localhost', /gRPC at localhost:(\d+)$/m],
    ['LOCALHOST', /gRPC at LOCALHOST:(\d+)$/m],
    ['::1', /gRPC at \[::1\]:(\d+)$/m],
  ])('takes the host %s', async (host, welcome) => {
    using folder = temporary();
    await using server = start(['mlmd', '--port', '0', '--host', host], { cwd: folder.path });
    const [, port] = await server.seen(welcome);
    const { store } = await openStore({ mlmd: host === '::1' ? `[::1]:${port}` : `${host}:${port}` });
    expect(await typeNames(store)).not.toContain('one');
    await store.close();
    await stop(server);
  });

  test('that cannot have its port makes nothing', async () => {
    using folder = temporary();
    await using busy = await listenSomewhere();
    const ended = await run(['mlmd', '--port', `${busy.port}`], { cwd: folder.path });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toBe(
      `modelgraph: Port ${busy.port} is in use; choose another with --port, or 0 for a free one.\n`,
    );
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('serve --grpc-port', () => {
  const NAMES = '{ artifactTypes(first: 100) { nodes { name } } }';

  test('serves one store through both doors', async () => {
    using folder = temporary();
    await using server = start(['serve', '--port', '0', '--grpc-port', '0'], { cwd: folder.path });
    const url = await addressOf(server);
    await withClient(server, (store) => putType(store, 'written over gRPC'));
    expect(JSON.stringify(await post(url, { query: NAMES }))).toContain('written over gRPC');
    await stop(server);
    expect(readdirSync(folder.path)).toEqual(['modelgraph.db']);
  });

  test('hands calls on to an MLMD server', async () => {
    using folder = temporary();
    await using inner = start(['mlmd', '--port', '0'], { cwd: folder.path });
    const [, at = ''] = await inner.seen(READY);
    await using outer = start(['serve', '--mlmd', at, '--port', '0', '--grpc-port', '0'], { cwd: folder.path });
    await withClient(outer, (store) => putType(store, 'handed on'));
    expect(await withClient(inner, typeNames)).toContain('handed on');
    await stop(outer);
    await stop(inner);
  });

  test('and --port have to differ', async () => {
    using folder = temporary();
    const { port } = await listenSomewhere().then(async (busy) => {
      await busy[Symbol.asyncDispose]();
      return busy;
    });
    const ended = await run(['serve', '--port', `${port}`, '--grpc-port', `${port}`], { cwd: folder.path });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('choose another with --grpc-port') });
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('the command modelgraph', () => {
  // As with a Node that is too old, which this machine need not have.
  const OLD = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.1.0' })`;

  test.each([
    ['the Node that it is started with', [projectNode, BIN]],
    ['the Node of the project, where that is too old', [projectNode, '--import', OLD, BIN]],
  ] as const)('runs on %s', async (_name, [node, ...flags]) => {
    using folder = temporary();
    const command = { command: [node, ...flags] as const, cwd: folder.path };
    expect((await run(['--version'], command)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await run(['serve', 'x'], command)).toMatchObject({ code: 2, stderr: expect.stringContaining('too many') });
    await using server = start(['mlmd', '--port', '0'], command);
    await server.seen(READY);
    await stop(server);
  });
});

const READY = /gRPC at (\S+:\d+)$/m;

async function withClient<T>(server: Running, work: (store: MetadataStore) => Promise<T>): Promise<T> {
  const [, mlmd = ''] = await server.seen(READY);
  const { store } = await openStore({ mlmd });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function putType(store: MetadataStore, name: string): Promise<void> {
  await store.putArtifactType({ artifactType: { name, properties: new Map() } });
}

async function typeNames(store: MetadataStore): Promise<(string | undefined)[]> {
  return (await store.getArtifactTypes({})).artifactTypes.map(({ name }) => name);
}

async function stop(server: Running): Promise<void> {
  server.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
}

async function listenSomewhere() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}
