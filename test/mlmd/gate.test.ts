import { expect, test } from 'vitest';

import { createGate } from '../../src/mlmd/embedded/gate.ts';

/** A gate whose works are ended by the test, and what happened, in order. */
function openRig(fail: { open?: boolean; close?: boolean } = {}) {
  const log: string[] = [];
  const gate = createGate({
    open() {
      log.push('open');
      if (fail.open) throw new Error('no session');
    },
    close() {
      log.push('close');
      if (fail.close) throw new Error('no end of session');
    },
  });
  const begin = (kind: 'shared' | 'exclusive', name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const work = gate[kind](() => {
      log.push(`${name}+`);
      return promise.finally(() => log.push(`${name}-`));
    });
    work.catch(() => undefined);
    return { work, end: () => resolve(name), fail: () => reject(new Error(`${name} failed`)) };
  };
  return {
    log,
    fail,
    seal: gate.seal,
    waiting: gate.waiting,
    shared: (name: string) => begin('shared', name),
    exclusive: (name: string) => begin('exclusive', name),
  };
}

/** Lets all that can go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('shared works overlap in one session', async () => {
  const { log, shared } = openRig();
  const [a, b] = [shared('a'), shared('b')];
  await settle();
  expect(log).toEqual(['open', 'a+', 'b+']);
  a.end();
  await expect(a.work).resolves.toBe('a');
  const c = shared('c');
  b.end();
  c.end();
  await settle();
  expect(log).toEqual(['open', 'a+', 'b+', 'a-', 'c+', 'b-', 'c-', 'close']);
});

test('an exclusive work waits for the session before it, and later works wait for it, in their order', async () => {
  const { log, shared, exclusive, waiting } = openRig();
  const [a, w, b, v, c] = [shared('a'), exclusive('w'), shared('b'), exclusive('v'), shared('c')];
  await settle();
  expect(log).toEqual(['open', 'a+']);
  expect(waiting()).toBe(4);
  a.end();
  await settle();
  expect(waiting()).toBe(3);
  expect(log.splice(0)).toEqual(['open', 'a+', 'a-', 'close', 'w+']);
  w.end();
  await settle();
  expect(log.splice(0)).toEqual(['w-', 'open', 'b+']);
  b.end();
  await settle();
  expect(log.splice(0)).toEqual(['b-', 'close', 'v+']);
  v.end();
  c.end();
  await settle();
  expect(log).toEqual(['v-', 'open', 'c+', 'c-', 'close']);
});

test('a sealed session lets no more works in; they share the next one', async () => {
  const { log, shared, seal } = openRig();
  const [a, b] = [shared('a'), shared('b')];
  await settle();
  seal();
  const [c, d] = [shared('c'), shared('d')];
  await settle();
  a.end();
  await settle();
  expect(log.splice(0)).toEqual(['open', 'a+', 'b+', 'a-']);
  b.end();
  await settle();
  expect(log.splice(0)).toEqual(['b-', 'close', 'open', 'c+', 'd+']);
  c.end();
  const e = shared('e');
  d.end();
  e.end();
  await settle();
  expect(log).toEqual(['e+', 'c-', 'd-', 'e-', 'close']);
});

test('a work that fails lets the next ones in', async () => {
  const { log, shared, exclusive } = openRig();
  const [a, w, b] = [shared('a'), exclusive('w'), shared('b')];
  a.fail();
  w.fail();
  b.end();
  await expect(a.work).rejects.toThrow('a failed');
  await expect(w.work).rejects.toThrow('w failed');
  await expect(b.work).resolves.toBe('b');
  expect(log).toEqual(['open', 'a+', 'a-', 'close', 'w+', 'w-', 'open', 'b+', 'b-', 'close']);
});

test('a session that does not open fails its work only', async () => {
  const rig = openRig({ open: true });
  const a = rig.shared('a');
  const [w, b] = [rig.exclusive('w'), rig.shared('b')];
  await expect(a.work).rejects.toThrow('no session');
  await settle();
  expect(rig.log).toEqual(['open', 'w+']);
  rig.fail.open = false;
  w.end();
  b.end();
  await expect(b.work).resolves.toBe('b');
  expect(rig.log).toEqual(['open', 'w+', 'w-', 'open', 'b+', 'b-', 'close']);
});

test('a session that does not open for a work that waited fails neither the one before it nor the one after it', async () => {
  const rig = openRig({ open: true });
  const [w, a, v] = [rig.exclusive('w'), rig.shared('a'), rig.exclusive('v')];
  w.end();
  v.end();
  await expect(w.work).resolves.toBe('w');
  await expect(a.work).rejects.toThrow('no session');
  await expect(v.work).resolves.toBe('v');
});

test('a session that does not close fails its last work, and the next ones are let in', async () => {
  const rig = openRig({ close: true });
  const [a, w, b] = [rig.shared('a'), rig.exclusive('w'), rig.shared('b')];
  a.end();
  await expect(a.work).rejects.toThrow('no end of session');
  rig.fail.close = false;
  w.end();
  b.end();
  await expect(w.work).resolves.toBe('w');
  await expect(b.work).resolves.toBe('b');
});
