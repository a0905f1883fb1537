import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { countCalls } from '../../src/mlmd/count-calls.ts';
import { connectRemoteStore } from '../../src/mlmd/remote/client.ts';
import type { Atomically, MetadataStoreRpcs } from '../../src/mlmd/store.ts';
import { openRig as openStoreRig } from './writes-rig.ts';

const plain = { properties: new Map(), customProperties: new Map() };

/** A store, and short ways to put and to name its contexts. */
async function openRig() {
  const rig = await openStoreRig();
  const { atomically } = rig.store;
  if (!atomically) throw new Error('the embedded store has no atomically');
  return {
    ...rig,
    atomically,
    put: (rpcs: MetadataStoreRpcs, ...names: string[]) =>
      rpcs.putContexts({ contexts: names.map((name) => ({ ...plain, typeId: rig.contextTypeId, name })) }),
    names: async (rpcs: MetadataStoreRpcs = rig.store) => (await rpcs.getContexts({})).contexts.map(({ name }) => name),
  };
}

test('all that a work writes is there, and its answer is given', async () => {
  await using rig = await openRig();
  const answer = await rig.atomically(async (rpcs) => {
    const { contextIds } = await rig.put(rpcs, 'parent', 'child');
    const [parentId, childId] = contextIds;
    await rpcs.putParentContexts({ parentContexts: [{ parentId, childId }] });
    expect(await rig.names(rpcs)).toEqual(['parent', 'child']);
    return childId;
  });
  const { contexts } = await rig.store.getParentContextsByContext({ contextId: answer });
  expect(contexts.map(({ name }) => name)).toEqual(['parent']);
});

test('nothing is there of a work that throws, and the store works on', async () => {
  await using rig = await openRig();
  const late = rig.atomically(async (rpcs) => {
    await rig.put(rpcs, 'a');
    throw new Error('too bad');
  });
  await expect(late).rejects.toThrow('too bad');
  const atOnce = rig.atomically(() => {
    throw new Error('worse');
  });
  await expect(atOnce).rejects.toThrow('worse');
  expect(await rig.names()).toEqual([]);
  await rig.put(rig.store, 'b');
  expect(await rig.names()).toEqual(['b']);
});

test('an RPC that fails undoes the whole, unless the work goes on; then only itself', async () => {
  await using rig = await openRig();
  const whole = rig.atomically(async (rpcs) => {
    await rig.put(rpcs, 'a');
    await rig.put(rpcs, 'half', 'a');
  });
  await expect(whole).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  expect(await rig.names()).toEqual([]);
  await rig.atomically(async (rpcs) => {
    await rig.put(rpcs, 'a');
    await expect(rig.put(rpcs, 'half', 'a')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await rig.names(rpcs)).toEqual(['a']);
    await rig.put(rpcs, 'b');
  });
  expect(await rig.names()).toEqual(['a', 'b']);
});

test('RPCs that the work begins at once are done one after the other', async () => {
  await using rig = await openRig();
  await rig.atomically(async (rpcs) => {
    const results = await Promise.allSettled([rig.put(rpcs, 'a'), rig.put(rpcs, 'half', 'a'), rig.put(rpcs, 'b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
  expect(await rig.names()).toEqual(['a', 'b']);
});

test('reads and writes beside it see none of it before its end, and it none of theirs', async () => {
  await using rig = await openRig();
  const begun = Promise.withResolvers<void>();
  const work = rig.atomically(async (rpcs) => {
    await rig.put(rpcs, 'a');
    begun.resolve();
    await new Promise(setImmediate); // not allowed, but it lets the others come
    expect(await rig.names(rpcs)).toEqual(['a']);
    await rig.put(rpcs, 'b');
  });
  await begun.promise;
  const read = rig.names();
  const write = rig.put(rig.store, 'c');
  expect(rig.rows('SELECT name FROM Context')).toEqual([]); // as another process has it
  await Promise.all([work, write]);
  expect([
    ['a', 'b'],
    ['a', 'b', 'c'],
  ]).toContainEqual(await read);
  expect(await rig.names()).toEqual(['a', 'b', 'c']);
});

test('works that come at once share a commit, and one that fails does so alone', async () => {
  await using rig = await openRig();
  const results = await Promise.allSettled(
    ['a', 'a', 'b'].map((name) => rig.atomically(async (rpcs) => void (await rig.put(rpcs, `${name} 1`, name)))),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await rig.names()).toEqual(['a 1', 'a', 'b 1', 'b']);
});

test.each([
  ['a read', (rig: Rig) => rig.names()],
  ['a write', (rig: Rig) => rig.put(rig.store, 'outside')],
  ['another work', (rig: Rig) => rig.atomically((rpcs) => rig.put(rpcs, 'outside'))],
  ['a read after some waiting', (rig: Rig) => new Promise(setImmediate).then(() => rig.names())],
])('%s of the store itself from inside is refused, in place of waiting for ever', async (_name, call) => {
  await using rig = await openRig();
  const work = rig.atomically(async (rpcs) => {
    await rig.put(rpcs, 'a');
    await call(rig);
  });
  await expect(work).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', message: expect.stringContaining('Inside') });
  expect(await rig.names()).toEqual([]);
});

type Rig = Awaited<ReturnType<typeof openRig>>;

test('a work is run once, also where a write beside it fails', async () => {
  await using rig = await openRig();
  let runs = 0;
  const work = rig.atomically(async (rpcs) => {
    runs += 1;
    await rig.put(rpcs, 'a');
  });
  const [, beside] = await Promise.allSettled([work, rig.put(rig.store, 'half', 'a')]);
  expect(beside).toMatchObject({ status: 'rejected', reason: { code: 'ALREADY_EXISTS' } });
  expect(await rig.names()).toEqual(['a']);
  expect(runs).toBe(1);
});

test('what a work leaves behind may use the store afterwards, but its own RPCs no more', async () => {
  await using rig = await openRig();
  const { later, kept } = await rig.atomically(async (rpcs) => {
    void rig.put(rpcs, 'not waited for').catch(() => undefined);
    return { kept: rpcs, later: async () => rig.names() };
  });
  await expect(rig.names(kept)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
  expect(await later()).toEqual(expect.any(Array));
});

test('a work that takes too long is undone, and the store works on', async () => {
  await using rig = await openRig();
  const never = rig.atomically(
    async (rpcs) => {
      await rig.put(rpcs, 'a');
      await new Promise(() => undefined);
    },
    { deadline: Date.now() + 300 },
  );
  await expect(never).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  expect(await rig.names()).toEqual([]);
});

test('a work that is called off while it waits is not begun', async () => {
  await using rig = await openRig();
  const gone = new AbortController();
  let begun = false;
  const work = rig.atomically(async () => {
    begun = true;
  }, gone);
  gone.abort();
  await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
  await setTimeout(20);
  expect(begun).toBe(false);
});

test('each update that changes something moves its time, within one millisecond too', async () => {
  await using rig = await openRig();
  const times = await rig.atomically(async (rpcs) => {
    const node = { ...plain, id: (await rig.put(rpcs, 'a')).contextIds[0], typeId: rig.contextTypeId, name: 'a' };
    const { type } = (await rpcs.getContexts({})).contexts[0] ?? {};
    const seen: bigint[] = [];
    for (let value = 0n; value < 50n; value += 1n) {
      const customProperties = new Map([['n', { intValue: value / 2n }]]);
      await rpcs.putContexts({ contexts: [{ ...node, type, customProperties }] });
      seen.push((await rpcs.getContexts({})).contexts[0]?.lastUpdateTimeSinceEpoch ?? 0n);
    }
    return seen;
  });
  // Every second update gives what is there already.
  expect(times.filter((time, index) => index > 0 && time === times[index - 1])).toHaveLength(25);
  expect(new Set(times).size).toBe(25);
  expect(times).toEqual(times.toSorted((one, other) => Number(one - other)));
});

test('what is called inside is counted', async () => {
  await using rig = await openRig();
  const { store, calls } = countCalls(rig.store);
  await (store.atomically as Atomically)((rpcs) => rig.put(rpcs, 'a', 'b'));
  expect(calls).toEqual(['PutContexts(2)']);
});

test('a remote store has none', async () => {
  const store = connectRemoteStore({ host: '127.0.0.1', port: 9 });
  expect(store.atomically).toBeUndefined();
  await store.close();
});
