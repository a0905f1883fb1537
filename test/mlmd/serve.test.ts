import { once } from 'node:events';
import { connect } from 'node:http2';
import { setTimeout } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';

import {
  GetArtifactsByIDRequest,
  GetArtifactsByIDResponse,
  PutContextsRequest,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { serveMetadata } from '../../src/mlmd/serve.ts';
import type { Call, MetadataStore } from '../../src/mlmd/store.ts';
import { openServed } from './serve-rig.ts';
import { putTypes } from './writes-rig.ts';

const SERVICE = '/ml_metadata.MetadataStoreService';

const plain = { properties: new Map(), customProperties: new Map() };

describe('a served store', () => {
  test('answers as the store itself', async () => {
    await using rig = await openServed();
    const { typeId } = await putTypes(rig.remote);
    const properties = new Map([
      ['n', { intValue: 2n ** 63n - 1n }],
      ['d', { doubleValue: 1 / 3 }],
      ['s', { stringValue: 'a "quoted" 🙂 \'; DROP TABLE Artifact' }],
    ]);
    const { artifactIds } = await rig.remote.putArtifacts({ artifacts: [{ ...plain, typeId, properties }] });
    const there = await rig.remote.getArtifactsById({ artifactIds });
    expect(there).toEqual(await rig.store.getArtifactsById({ artifactIds }));
    expect(there.artifacts[0]?.properties).toEqual(properties);
  });

  test('can be one that is served elsewhere', async () => {
    await using rig = await openServed();
    const proxy = await serveMetadata({ store: rig.remote, host: '127.0.0.1', port: 0, onFailure: () => undefined });
    const { store } = await openStore({ mlmd: `127.0.0.1:${proxy.port}` });
    const { typeId } = await putTypes(store);
    expect((await rig.store.getArtifactType({ typeName: 'A' })).artifactType?.id).toBe(typeId);
    await store.close();
    await proxy.close();
  });

  test('ignores fields that it does not know', async () => {
    await using rig = await openServed();
    const unknown = Buffer.from([...GetArtifactsByIDRequest.encode({ artifactIds: [] }).finish(), 0xfa, 0x3f, 1, 7]);
    const { code, bytes } = await rig.call(`${SERVICE}/GetArtifactsByID`, unknown);
    expect(code).toBe(status.OK);
    expect(GetArtifactsByIDResponse.decode(bytes).artifacts).toEqual([]);
  });

  test('gives answers beyond the size of the requests that it takes', async () => {
    await using rig = await openServed();
    const { typeId } = await putTypes(rig.store);
    const uri = 'x'.repeat(2 ** 20);
    for (let round = 0; round < 2; round += 1) {
      await rig.store.putArtifacts({ artifacts: Array.from({ length: 10 }, () => ({ ...plain, typeId, uri })) });
    }
    const { bytes } = await rig.call(`${SERVICE}/GetArtifacts`, Buffer.alloc(0));
    expect(bytes.length).toBeGreaterThan(20 * 2 ** 20);
    const { code } = await rig.call(`${SERVICE}/GetArtifacts`, Buffer.alloc(17 * 2 ** 20));
    expect(code).toBe(status.RESOURCE_EXHAUSTED);
  });
});

describe('a connection', () => {
  test('carries 256 calls at once', async () => {
    await using rig = await openServed();
    const session = connect(`http://127.0.0.1:${rig.server.port}`);
    const [{ maxConcurrentStreams }] = await once(session, 'remoteSettings');
    session.close();
    expect(maxConcurrentStreams).toBe(256);
  });

  test('keeps those waiting that go beyond, and answers them too', async () => {
    let underWay = 0;
    const free = Promise.withResolvers<void>();
    await using rig = await openServed((store) => ({
      ...store,
      async getContexts(request) {
        underWay += 1;
        await free.promise;
        return store.getContexts(request);
      },
    }));
    const calls = Array.from({ length: 600 }, () => rig.remote.getContexts({}));
    await until(() => underWay >= 256);
    await rig.call(`${SERVICE}/GetArtifacts`, Buffer.alloc(0)); // on a connection of its own; more would have come by then
    const most = underWay;
    free.resolve();
    expect(await Promise.all(calls)).toHaveLength(600);
    expect(most).toBe(256);
  });
});

describe('a failure is told', () => {
  test("by the error table, in the store's own words", async () => {
    await using rig = await openServed();
    const { contextTypeId: typeId } = await putTypes(rig.store);
    const context = { ...plain, typeId, name: 'one' };
    const twice = await rig.call(`${SERVICE}/PutContexts`, encode(context, context));
    expect(twice).toMatchObject({
      code: status.ALREADY_EXISTS,
      details: "There is already a different context of this type with the name 'one'.",
    });
    const other = await rig.call(`${SERVICE}/PutContexts`, encode({ ...context, typeId: 99n }));
    expect(other).toMatchObject({ code: status.NOT_FOUND, details: 'There is no type of contexts with the id 99.' });
    const none = await rig.call(`${SERVICE}/PutEverything`, Buffer.alloc(0));
    expect(none.code).toBe(status.UNIMPLEMENTED);
    expect(rig.failures).toEqual([]);
  });

  test.each(['x', '語', '🙂'])(
    'in a message that fits, however long the name of %s is that it quotes',
    async (letter) => {
      await using rig = await openServed();
      const { contextTypeId: typeId } = await putTypes(rig.store);
      const context = { ...plain, typeId, name: letter.repeat(100_000) };
      const { code, details } = await rig.call(`${SERVICE}/PutContexts`, encode(context, context));
      expect(code).toBe(status.ALREADY_EXISTS);
      expect(details).toMatch(/^There is already a different context of this type with the name '.{300,}…$/u);
      expect(details.isWellFormed()).toBe(true);
    },
  );

  test.each([
    [
      'a text that is not UTF-8',
      [0x0a, 3, 0x1a, 1, 0xff],
      /^The request of PutContexts has a text that is not UTF-8\.$/,
    ],
    ['half a message', [0x0a, 9, 0x1a], /^The request of PutContexts is not a message of its kind\.$/],
  ])('of %s', async (_name, bytes, message) => {
    await using rig = await openServed();
    const { code, details } = await rig.call(`${SERVICE}/PutContexts`, Buffer.from(bytes));
    expect(code).toBe(status.INVALID_ARGUMENT);
    expect(details).toMatch(message);
  });

  test('to the log only, where nobody foresaw it', async () => {
    const fault = new Error('secret path /etc/passwd');
    await using rig = await openServed((store) => ({ ...store, getContexts: () => Promise.reject(fault) }));
    const outcome = await rig.call(`${SERVICE}/GetContexts`, Buffer.alloc(0));
    expect(outcome).toMatchObject({ code: status.INTERNAL, details: 'Internal error.' });
    expect(rig.failures).toEqual([{ rpc: 'GetContexts', error: fault }]);
  });
});

describe('with a call travels', () => {
  test('its deadline', async () => {
    const calls: Call[] = [];
    await using rig = await openServed(noting(calls));
    const deadline = Date.now() + 5_000;
    await rig.remote.getContexts({}, { deadline });
    expect(Math.abs((calls[0]?.deadline ?? 0) - deadline)).toBeLessThan(1_000);
    await expect(rig.remote.getContexts({}, { deadline: Date.now() - 1 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });

  test('that its caller has gone', async () => {
    const calls: Call[] = [];
    await using rig = await openServed(noting(calls, () => new Promise(() => undefined)));
    const gone = new AbortController();
    const waiting = rig.remote.getContexts({}, { signal: gone.signal });
    await until(() => calls.length === 1);
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await until(() => calls[0]?.signal?.aborted === true);
  });
});

describe('a server that stops', () => {
  test('finishes the calls in flight and takes no more', async () => {
    const calls: Call[] = [];
    const held = Promise.withResolvers<void>();
    await using rig = await openServed(noting(calls, () => held.promise));
    const waiting = rig.remote.getContexts({});
    await until(() => calls.length === 1);
    const stopped = rig.server.close();
    await expect(openThenAsk(rig.server.port)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    held.resolve();
    await expect(waiting).resolves.toMatchObject({ contexts: [] });
    await stopped;
  });

  test('cuts off the calls that are not done in time', async () => {
    const calls: Call[] = [];
    await using rig = await openServed(
      noting(calls, () => new Promise(() => undefined)),
      50,
    );
    const waiting = rig.call(`${SERVICE}/GetContexts`, Buffer.alloc(0));
    await until(() => calls.length === 1);
    await rig.server.close();
    expect([status.CANCELLED, status.UNAVAILABLE]).toContain((await waiting).code);
    expect(calls[0]?.signal?.aborted).toBe(true);
  });

  test('is told where it cannot begin', async () => {
    await using rig = await openServed();
    const { port } = rig.server;
    const again = serveMetadata({ store: rig.store, host: '127.0.0.1', port, onFailure: () => undefined });
    await expect(again).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: `Cannot listen for gRPC at 127.0.0.1:${port}.`,
    });
  });
});

/** A store that notes what comes with a call of getContexts, and answers it after `first`. */
function noting(calls: Call[], first: () => Promise<void> = async () => undefined) {
  return (store: MetadataStore): MetadataStore => ({
    ...store,
    async getContexts(request, call = {}) {
      calls.push(call);
      await first();
      return store.getContexts(request);
    },
  });
}

async function openThenAsk(port: number): Promise<unknown> {
  const { store } = await openStore({ mlmd: `127.0.0.1:${port}` });
  try {
    return await store.getContexts({});
  } finally {
    await store.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  const late = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > late) throw new Error('waited too long');
    await setTimeout(5);
  }
}

function encode(...contexts: PutContextsRequest['contexts']): Buffer {
  return Buffer.from(PutContextsRequest.encode({ contexts }).finish());
}
