import { expect, test } from 'vitest';

import { createGate } from '../../src/mlmd/embedded/gate.ts';
import { createGroupCommit } from '../../src/mlmd/embedded/group-commit.ts';
import type { WriteOptions } from '../../src/mlmd/embedded/transaction.ts';
import { openRig as openStoreRig } from './writes-rig.ts';

/** A group commit over a transaction that only notes what happens to it. */
function openRig(fail: { begin?: boolean; commit?: boolean } = {}) {
  const log: string[] = [];
  let open = false;
  const gate = createGate({ open: () => undefined, close: () => undefined });
  const { write, waiting } = createGroupCommit(gate, {
    async begin() {
      log.push('begin');
      if (fail.begin) throw new Error('no begin');
      open = true;
    },
    savepoint(work) {
      log.push('savepoint');
      return work();
    },
    isOpen: () => open,
    commit() {
      log.push('commit');
      if (fail.commit) throw new Error('no commit');
      open = false;
    },
    rollback() {
      log.push('rollback');
      open = false;
    },
  });
  const put = async (name: string, options?: WriteOptions) => {
    const answer = await write(async () => {
      log.push(name);
      if (name.startsWith('bad')) throw new Error(name);
      if (name.startsWith('fatal')) {
        open = false;
        throw new Error(name);
      }
      return name;
    }, options);
    log.push(`${name} answered`);
    return answer;
  };
  return { log, fail, gate, write, put, waiting };
}

const settled = async (works: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(works)).map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message));

test('writes that come at once share a commit, and are answered after it', async () => {
  const { put, log } = openRig();
  expect(await settled([put('a'), put('b'), put('c')])).toEqual(['a', 'b', 'c']);
  expect(log).toEqual(['begin', 'a', 'b', 'c', 'commit', 'a answered', 'b answered', 'c answered']);
});

test('writes that come while others are at work share the next one', async () => {
  const { put, log, write, waiting } = openRig();
  const later: Promise<unknown>[] = [];
  await write(async () => {
    later.push(put('a'), put('b'));
    expect(waiting()).toBe(2);
    await new Promise(setImmediate);
  });
  await settled(later);
  expect(log.filter((each) => !each.endsWith('answered'))).toEqual(['begin', 'commit', 'begin', 'a', 'b', 'commit']);
});

test('one that fails does so alone, and is told after the commit', async () => {
  const { put, log } = openRig();
  const bad = put('bad').catch((error) => log.push(`told ${error.message}`) && 'told');
  expect(await settled([put('a'), bad, put('b')])).toEqual(['a', 'told', 'b']);
  expect(log.indexOf('told bad')).toBeGreaterThan(log.indexOf('commit'));
});

test('savepoints come only after a failure, when all is undone and done again', async () => {
  const { put, log } = openRig();
  expect(await settled([put('a'), put('bad'), put('b')])).toEqual(['a', 'bad', 'b']);
  const again = ['begin', 'savepoint', 'a', 'savepoint', 'bad', 'savepoint', 'b', 'commit'];
  expect(log).toEqual(['begin', 'a', 'bad', 'rollback', ...again, 'a answered', 'b answered']);
});

test('a write that must not be done again has savepoints from the start', async () => {
  const { put, log } = openRig();
  expect(await settled([put('a', { once: true }), put('bad')])).toEqual(['a', 'bad']);
  expect(log).toEqual(['begin', 'savepoint', 'a', 'savepoint', 'bad', 'commit', 'a answered']);
});

test('one that is alone needs no savepoint, and is undone whole', async () => {
  const { put, log } = openRig();
  expect(await settled([put('bad', { once: true })])).toEqual(['bad']);
  expect(log).toEqual(['begin', 'bad', 'rollback']);
});

test('where all fail nothing is committed', async () => {
  const { put, log } = openRig();
  expect(await settled([put('bad 1', { once: true }), put('bad 2')])).toEqual(['bad 1', 'bad 2']);
  expect(log).toEqual(['begin', 'savepoint', 'bad 1', 'savepoint', 'bad 2', 'rollback']);
});

test.each(['begin', 'commit'] as const)('a %s that fails fails all of its batch, and not the next', async (step) => {
  const { put, fail, log } = openRig({ [step]: true });
  expect(await settled([put('a'), put('bad'), put('b')])).toEqual([`no ${step}`, `no ${step}`, `no ${step}`]);
  expect(log.at(-1)).toBe('rollback');
  fail[step] = false;
  await expect(put('c')).resolves.toBe('c');
});

test('a failure that ends the transaction fails those before it; those after it have another', async () => {
  const { put, log } = openRig();
  expect(await settled([put('a'), put('fatal'), put('b')])).toEqual(['fatal', 'fatal', 'b']);
  expect(log).toEqual(['begin', 'a', 'fatal', 'rollback', 'begin', 'b', 'commit', 'b answered']);
});

test('a batch is bounded in number', async () => {
  const { put, log } = openRig();
  await settled(Array.from({ length: 300 }, (_, index) => put(`${index}`)));
  expect(log.filter((each) => each === 'commit')).toHaveLength(2);
  expect(log.filter((each) => /^\d+$/.test(each))).toEqual(Array.from({ length: 300 }, (_, index) => `${index}`));
});

test('a batch is bounded in time, so that reads come in between', async () => {
  const { write, log, gate } = openRig();
  const slow = (name: string) =>
    write(async () => {
      log.push(name);
      const until = performance.now() + 15;
      while (performance.now() < until);
    });
  const works = ['a', 'b', 'c', 'd'].map(slow);
  const read = gate.shared(async () => log.push('read'));
  await Promise.all([...works, read]);
  expect(log.indexOf('read')).toBe(log.indexOf('commit') + 1);
  expect(log.indexOf('read')).toBeLessThan(log.indexOf('c'));
});

test('of concurrent writes to a store one that fails half-way leaves nothing, the others all', async () => {
  await using rig = await openStoreRig();
  const context = (name: string) => ({
    typeId: rig.contextTypeId,
    name,
    properties: new Map(),
    customProperties: new Map(),
  });
  const put = (...names: string[]) => rig.store.putContexts({ contexts: names.map(context) });
  const results = await Promise.allSettled([put('a', 'b'), put('half', 'a'), put('c'), put('c'), put('d')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(rig.rows('SELECT name FROM Context ORDER BY name').flat()).toEqual(['a', 'b', 'c', 'd']);
});

test('a write that is called off while it waits is not done', async () => {
  await using rig = await openStoreRig();
  const gone = new AbortController();
  const put = rig.store.putArtifactType({ artifactType: { name: 'late', properties: new Map() } }, gone);
  gone.abort();
  await expect(put).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(rig.rows("SELECT 1 FROM Type WHERE name = 'late'")).toEqual([]);
});
