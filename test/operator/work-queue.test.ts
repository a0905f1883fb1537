import { expect, test } from 'vitest';

import { createWorkQueue } from '../../src/operator/work-queue.ts';

/** A queue whose work ends when the test says so. */
function rig() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const failures: unknown[] = [];
  let failing = 0;
  const queue = createWorkQueue(
    async (key) => {
      begun.push(key);
      if (failing-- > 0) throw new Error('no');
      await new Promise<void>((resolve) => ends.push(resolve));
    },
    (_key, error) => failures.push(error),
  );
  const end = async () => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { queue, begun, failures, end, fail: (times: number) => (failing = times) };
}

test('a key that is added while it is worked on is worked on once more, afterwards', async () => {
  const { queue, begun, end } = rig();
  for (const key of ['a', 'a', 'b', 'a']) queue.add(key);
  expect(begun).toEqual(['a', 'b']);
  await end();
  expect(begun).toEqual(['a', 'b', 'a']);
  await end();
  await end();
  expect(begun).toEqual(['a', 'b', 'a']);
});

test('a few keys at once, the others as these end', async () => {
  const { queue, begun, end } = rig();
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) queue.add(key);
  expect([begun.join(), queue.length()]).toEqual(['a,b,c,d', 2]);
  await end();
  expect([begun.join(), queue.length()]).toEqual(['a,b,c,d,e', 1]);
});

test('what fails is told and tried again', async () => {
  const { queue, begun, failures, end, fail } = rig();
  fail(2);
  queue.add('a');
  await expect.poll(() => begun.length, { timeout: 30_000 }).toBe(3);
  expect(failures).toHaveLength(2);
  await end();
  expect(begun).toHaveLength(3);
});

test('it closes when what was begun is done, and takes no more', async () => {
  const { queue, begun, end } = rig();
  queue.add('a');
  const closed = queue.close();
  queue.add('b');
  await end();
  await closed;
  expect(begun).toEqual(['a']);
});
