import { expect, test } from 'vitest';

import { createRecent } from '../src/domain/recent.ts';

test('of many values those stay that were used last, whether they were read or set', () => {
  const recent = createRecent<number>(3);
  for (const name of ['a', 'b', 'c']) recent.set(name, 1);
  recent.get('a');
  recent.set('b', 2);
  recent.set('d', 1);
  expect(['a', 'b', 'c', 'd'].map((name) => recent.get(name))).toEqual([1, 2, undefined, 1]);
});
