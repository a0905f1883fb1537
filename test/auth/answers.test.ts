import { describe, expect, test, vi } from 'vitest';

import { createAnswerCache } from '../../src/auth/answer-cache.ts';
import type { Caller } from '../../src/auth/caller.ts';
import { decideOnce } from '../../src/auth/decide-once.ts';
import type { Question } from '../../src/auth/policy.ts';
import { RegistryError } from '../../src/errors.ts';
import { bearer } from './bearer.ts';

describe('an answer', () => {
  const open = (size?: number) => {
    let time = 0;
    const asked: string[] = [];
    const heard: string[] = [];
    const cached = createAnswerCache<string>({
      clock: () => time,
      keepMs: (answer) => (answer === 'no' ? 5 : 60),
      ...(size !== undefined && { size }),
      onAnswer: (from) => void heard.push(from),
    });
    const ask = (key: string, answer: string) =>
      cached(key, async () => {
        asked.push(key);
        if (answer === 'error') throw new Error('away');
        return answer;
      });
    const at = (now: number) => {
      time = now;
    };
    return { ask, asked, heard, at };
  };

  test('is given again as long as it is kept, and not longer', async () => {
    const { ask, asked, at } = open();
    expect([await ask('a', 'yes'), await ask('b', 'no')]).toEqual(['yes', 'no']);
    at(4.9);
    expect([await ask('a', 'no'), await ask('b', 'yes')]).toEqual(['yes', 'no']);
    at(5);
    expect([await ask('a', 'no'), await ask('b', 'yes')]).toEqual(['yes', 'yes']);
    at(60);
    expect(await ask('a', 'no')).toBe('no');
    expect(asked).toEqual(['a', 'b', 'b', 'a']);
  });

  test('that is in use is asked for anew before it is old, and nobody waits', async () => {
    const { ask, asked, at } = open();
    await ask('a', 'yes');
    at(44.9);
    expect(await ask('a', 'soon')).toBe('yes');
    at(45);
    expect(await Promise.all([ask('a', 'anew'), ask('a', 'anew')])).toEqual(['yes', 'yes']);
    await vi.waitFor(async () => expect(await ask('a', 'later')).toBe('anew'));
    expect(asked).toEqual(['a', 'a']);
    // From 45 on.
    at(104);
    expect(await ask('a', 'error')).toBe('anew');
    expect(await ask('a', 'error')).toBe('anew');
    at(105);
    await expect(ask('a', 'error')).rejects.toThrow('away');
  });

  test('is one for all who ask meanwhile', async () => {
    const { ask, asked } = open();
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => ask('a', 'yes'))))).toEqual(new Set(['yes']));
    expect(asked).toEqual(['a']);
  });

  test('that fails fails for all of them, and is asked for anew', async () => {
    const { ask, asked } = open();
    const all = await Promise.allSettled([ask('a', 'error'), ask('a', 'yes')]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask('a', 'yes')).toBe('yes');
    expect(asked).toEqual(['a', 'a']);
  });

  test('is told with where it came from, once for each question', async () => {
    const { ask, heard } = open();
    await Promise.allSettled([ask('a', 'error'), ask('a', 'yes')]);
    await ask('a', 'yes');
    await ask('a', 'yes');
    expect(heard).toEqual(['failed', 'asked', 'cache']);
  });

  test('leaves when there are too many, the oldest first', async () => {
    const { ask, asked } = open(2);
    for (const key of ['a', 'b', 'c', 'b', 'a']) await ask(key, 'yes');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('a decision', () => {
  const ALICE: Caller = { name: 'alice', groups: ['a', 'b'], by: 'kubernetes', uid: '1', extra: { x: ['1'] } };
  const QUESTION: Question = {
    caller: ALICE,
    credentials: bearer('one'),
    registry: 'modelgraph',
    verb: 'get',
    resource: 'types',
  };
  const count = async (...questions: readonly Question[]) => {
    let asked = 0;
    const decide = decideOnce(
      {
        name: 'counted',
        decide: async () => {
          asked += 1;
          return true;
        },
        decidesBy: ({ values }) => values('authorization'),
      },
      () => 0,
    );
    for (const question of questions) await decide(question);
    return asked;
  };

  test.each<[string, Partial<Question> | Partial<Caller>]>([
    ['groups in another order', { groups: ['b', 'a'] }],
    ['the same', {}],
  ])('is the same for %s', async (_what, change) => {
    expect(await count(QUESTION, { ...QUESTION, caller: { ...ALICE, ...change } } as Question)).toBe(1);
  });

  test.each<[string, Partial<Question>]>([
    ['another registry', { registry: 'other' }],
    ['another verb', { verb: 'list' }],
    ['another resource', { resource: 'lineage' }],
    ['another token', { credentials: bearer('two') }],
    ['another name', { caller: { ...ALICE, name: 'bob' } }],
    ['another way of knowing', { caller: { ...ALICE, by: 'authorino' } }],
    ['another account of the name', { caller: { ...ALICE, uid: '2' } }],
    ['other things that are known', { caller: { ...ALICE, extra: { x: ['1', '2'] } } }],
    ['one group whose name looks like two', { caller: { ...ALICE, groups: ['a,b'] } }],
    ['groups split elsewhere', { caller: { ...ALICE, groups: ['a","b'] } }],
    ['a name that takes a group in', { caller: { ...ALICE, name: 'alice","a', groups: ['b'] } }],
    ['fewer groups', { caller: { ...ALICE, groups: ['a'] } }],
  ])('is another for %s', async (_what, change) => {
    expect(await count(QUESTION, { ...QUESTION, ...change })).toBe(2);
  });

  test('that cannot be had is kept for nobody', async () => {
    let answers = 0;
    const decide = decideOnce(
      {
        name: 'failing',
        decide: async () => {
          answers += 1;
          if (answers === 1) throw new RegistryError('UNAVAILABLE', 'away');
          return true;
        },
      },
      () => 0,
    );
    await expect(decide(QUESTION)).rejects.toThrow('away');
    expect([await decide(QUESTION), await decide(QUESTION), answers]).toEqual([true, true, 2]);
  });
});
