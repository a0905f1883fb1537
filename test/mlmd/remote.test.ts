import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';

import { RegistryError } from '../../src/errors.ts';
import { connectRemoteStore, type RemoteStoreOptions } from '../../src/mlmd/remote/client.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { type Engine, startEngine } from '../reference/engine.ts';
import { requireReference, tfxImdb } from '../reference/require.ts';

const missing = requireReference();

/** What no message may hold: addresses, SQL, ids, proto text, names of libraries. */
const LEAK = /127\.0\.0\.1|localhost|SELECT|INSERT|UNIQUE|type_id|\{|\[at|RST_STREAM|grpc|zetasql|sqlite|errno/i;

describe.skipIf(missing !== undefined)(`the remote store ${missing ?? ''}`, { timeout: 60_000 }, () => {
  describe('answers', () => {
    test('with proto2 presence, maps and exact int64', async () => {
      await using rig = await openRig();
      const { artifacts } = await rig.store.getArtifactsById({ artifactIds: [19n] });
      expect(artifacts).toHaveLength(1);
      const [artifact] = artifacts;
      expect(artifact).toMatchObject({ id: 19n, type: 'PushedModel' });
      expect(artifact?.customProperties).toBeInstanceOf(Map);
      expect(artifact?.customProperties.get('pushed')).toEqual({ intValue: 1n });
      expect(artifact?.externalId).toBeUndefined();
      expect(rig.store.partialReads).toBe(false);
    });

    test('NOT_FOUND for an unknown type', async () => {
      await using rig = await openRig();
      await expectFailure(rig.store.getArtifactType({ typeName: 'Nope' }), 'NOT_FOUND');
    });

    test('ALREADY_EXISTS for a second artifact of one name', async () => {
      await using rig = await openRig();
      const { typeId } = await rig.store.putArtifactType({ artifactType: { name: 'Twin', properties: new Map() } });
      const write = () => rig.store.putArtifacts({ artifacts: [{ ...EMPTY, typeId, name: 'a' }] });
      await write();
      await expectFailure(write(), 'ALREADY_EXISTS');
    });

    test('UNIMPLEMENTED for an RPC that the C++ server lacks', async () => {
      await using rig = await openRig();
      await expectFailure(rig.store.getParentContextsByContexts({ contextIds: [1n] }), 'UNIMPLEMENTED');
    });

    test.each([
      ['nam = "x"', 1],
      ['name = "é" AND nam = 1', 16],
      ['name = "😀" AND nam = 1', 17],
      ['\tnam = 1', 2],
      ['name = "x" AND', 15],
      ['name = "x"\n AND nam = 1', undefined],
      ['name', undefined],
    ])('INVALID_ARGUMENT with the place in the filter %j', async (filterQuery, position) => {
      await using rig = await openRig();
      const failure = await expectFailure(rig.store.getArtifacts({ options: { filterQuery } }), 'INVALID_ARGUMENT');
      expect(failure.place).toEqual(position === undefined ? PLACE : { ...PLACE, position });
    });

    test.each(['x', 'nobody'])('INVALID_ARGUMENT of `after` for the page token %j', async (nextPageToken) => {
      await using rig = await openRig();
      const list = rig.store.getArtifacts({ options: { nextPageToken } });
      expect((await expectFailure(list, 'INVALID_ARGUMENT')).place).toEqual({ argument: 'after' });
    });

    test('RESOURCE_EXHAUSTED where the answer is larger than allowed, and the next call goes well', async () => {
      await using rig = await openRig({ maxReceiveBytes: 500 });
      await expectFailure(rig.store.getArtifacts({}), 'RESOURCE_EXHAUSTED');
      expect((await rig.store.getArtifactsById({ artifactIds: [] })).artifacts).toEqual([]);
    });
  });

  describe('while the server is away', () => {
    test('rejects with UNAVAILABLE from the start, and heals by itself', async () => {
      const { port, stop } = await startEngine();
      await stop();
      await using store = disposable(connectRemoteStore({ host: '127.0.0.1', port }));
      await expectFailure(read(store), 'UNAVAILABLE');
      await using _engine = await startEngine({ port });
      await eventually(() => read(store));
    });

    test('heals after it was killed and started again', async () => {
      await using rig = await openRig();
      await read(rig.store);
      await rig.engine.stop();
      await expectFailure(read(rig.store), 'UNAVAILABLE');
      await using _again = await startEngine({ port: rig.engine.port });
      await eventually(() => read(rig.store));
    });

    test('finds a server by name', async () => {
      await using rig = await openRig({ host: 'localhost' });
      await read(rig.store);
    });

    test('rejects with UNAVAILABLE for an IPv6 address without a server', async () => {
      await using rig = await openRig({ host: '::1' });
      await expectFailure(read(rig.store), 'UNAVAILABLE');
    });
  });

  describe('while the server hangs', () => {
    test.each(['established', 'fresh'])('on a channel that is %s: DEADLINE_EXCEEDED, and heals', async (channel) => {
      await using rig = await openRig();
      if (channel === 'established') await read(rig.store);
      await rig.engine.pause();
      await expectFailure(read(rig.store, { deadline: Date.now() + 300 }), 'DEADLINE_EXCEEDED');
      rig.engine.resume();
      await eventually(() => read(rig.store));
    });

    test('a call without a deadline has the default one', async () => {
      await using rig = await openRig({ defaultTimeoutMs: 200 });
      await rig.engine.pause();
      await expectFailure(read(rig.store), 'DEADLINE_EXCEEDED');
    });

    test('a deadline in the past is DEADLINE_EXCEEDED', async () => {
      await using rig = await openRig();
      await expectFailure(read(rig.store, { deadline: Date.now() - 1 }), 'DEADLINE_EXCEEDED');
    });

    test('a call survives that its client is replaced', async () => {
      const onReconnect = vi.fn<() => void>();
      await using rig = await openRig({ connectTimeoutMs: 100, onReconnect });
      await rig.engine.pause();
      const answer = read(rig.store, { deadline: Date.now() + 30_000 });
      await vi.waitUntil(() => onReconnect.mock.calls.length > 0, 20_000);
      rig.engine.resume();
      await answer;
    });

    test('a connection that is never spoken on is given up for another', async () => {
      await using hole = await openBlackHole();
      await using store = disposable(connectRemoteStore({ host: '127.0.0.1', port: hole.port, connectTimeoutMs: 300 }));
      const abort = new AbortController();
      const lost = expectFailure(read(store, { deadline: Date.now() + 50_000, signal: abort.signal }), 'CANCELLED');
      await expectFailure(read(store, { deadline: Date.now() + 1_000 }), 'DEADLINE_EXCEEDED');
      await hole.stopListening();
      await using _engine = await startEngine({ port: hole.port });
      // While a call still waits on the old connection, so the new one must not share it.
      await eventually(() => read(store, { deadline: Date.now() + 1_000 }));
      abort.abort();
      await lost;
    });
  });

  describe('when nobody waits', () => {
    test('an aborted signal rejects with CANCELLED without a call', async () => {
      await using store = disposable(connectRemoteStore({ host: 'nowhere.invalid', port: 1 }));
      await expectFailure(read(store, { signal: AbortSignal.abort() }), 'CANCELLED');
    });

    test('an abort cancels the call', async () => {
      await using rig = await openRig();
      await read(rig.store);
      await rig.engine.pause();
      const abort = new AbortController();
      const answer = expectFailure(read(rig.store, { signal: abort.signal }), 'CANCELLED');
      setTimeout(() => abort.abort(), 50);
      await answer;
    });

    test('calls after close reject', async () => {
      await using rig = await openRig();
      await read(rig.store);
      await rig.store.close();
      await expectFailure(read(rig.store), 'UNAVAILABLE');
    });

    test.each(['serving', 'paused'])('a closed store of a %s server lets the process end', async (state) => {
      await using rig = await openRig();
      if (state === 'paused') await rig.engine.pause();
      const script = `
        import { connectRemoteStore } from ${JSON.stringify(import.meta.resolve('../../src/mlmd/remote/client.ts'))};
        const store = connectRemoteStore({ host: '127.0.0.1', port: ${rig.engine.port}, connectTimeoutMs: 100 });
        await store.getArtifactTypes({}, { deadline: Date.now() + 1_000 }).catch(() => undefined);
        await store.close();`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
      expect(await once(child, 'exit')).toEqual([0, null]);
    });
  });
});

const EMPTY = { properties: new Map(), customProperties: new Map() };
const PLACE = { argument: 'filterQuery' };

/** An engine on a copy of the TFX store, and a store connected to it. */
async function openRig(options: Partial<RemoteStoreOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'modelgraph-'));
  const sqlite = join(folder, 'tfx-imdb.sqlite');
  copyFileSync(tfxImdb, sqlite);
  const engine: Engine = await startEngine({ sqlite });
  const store = connectRemoteStore({ host: engine.host, port: engine.port, ...options });
  return {
    engine,
    store,
    async [Symbol.asyncDispose]() {
      await store.close();
      await engine.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function disposable(store: MetadataStore): MetadataStore & AsyncDisposable {
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}

/** A server whose connections stand, silent, even when it listens no more. */
async function openBlackHole() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    // Not awaited: `close` is told only when the connections have ended too.
    stopListening: async () => void server.close(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function read(store: MetadataStore, call?: Parameters<MetadataStore['getArtifactTypes']>[1]) {
  return store.getArtifactTypes({}, call);
}

async function expectFailure(call: Promise<unknown>, code: RegistryError['code']): Promise<RegistryError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(RegistryError);
  if (!(failure instanceof RegistryError)) throw failure;
  expect({ code: failure.code, cause: failure.cause }).toMatchObject({ code });
  expect(failure.message).not.toMatch(LEAK);
  return failure;
}

/** Tries until it succeeds; the test's own time limit ends it. */
async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const failure = await attempt().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return;
    if (!(failure instanceof RegistryError)) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
