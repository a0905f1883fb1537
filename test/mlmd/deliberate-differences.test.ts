import { describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { openArena } from './differential/run.ts';
import { SETUP } from './differential/setup.ts';
import { step } from './differential/step.ts';
import { plain, values } from './write-steps/step.ts';

const missing = requireReference();
const execution = { ...plain, typeId: 12n };
const newContext = { ...plain, typeId: 13n, name: 'new' };

// What differs in its status code is in write-steps/differences.ts.
describe.skipIf(missing)(`not as the C++ engine ${missing ?? ''}`, () => {
  test('a pair with neither artifact nor event puts nothing into a context, there the artifact -1', async () => {
    await using arena = await openArena(SETUP);
    const put = step('putExecution', { execution, artifactEventPairs: [{}], contexts: [newContext] });
    const ours = [
      [1n, 1n],
      [1n, 5n],
      [2n, 2n],
    ];
    expect(await arena.run([put])).toMatchObject({
      ours: { Attribution: ours },
      theirs: { Attribution: [...ours, [5n, -1n]] },
    });
  });

  test('a property and a custom property of one name are two, there both are overwritten', async () => {
    await using arena = await openArena(SETUP);
    const both = { properties: values({ n: { intValue: 1n } }), customProperties: values({ n: { intValue: 2n } }) };
    const update = { ...both, properties: values({ n: { intValue: 3n } }) };
    const difference = await arena.run([
      step('putArtifacts', { artifacts: [{ ...both, id: 1n }] }),
      step('putArtifacts', { artifacts: [{ ...update, id: 1n }] }),
      step('getArtifactsById', { artifactIds: [1n] }),
    ]);
    expect(difference).toMatchObject({
      ours: {
        answer: { artifacts: [{ properties: [['n', { intValue: 3n }]], customProperties: [['n', { intValue: 2n }]] }] },
      },
      theirs: {
        answer: { artifacts: [{ properties: [['n', { intValue: 3n }]], customProperties: [['n', { intValue: 3n }]] }] },
      },
    });
  });

  test('a name that is taken by an update is ALREADY_EXISTS, there INTERNAL', async () => {
    await using arena = await openArena(SETUP);
    const taken = { ...plain, id: 1n, typeId: 13n, name: 'context 1' };
    expect(await arena.run([step('putContexts', { contexts: [taken] })])).toBeUndefined();
    expect(arena.codes.get('putContexts')).toEqual(new Map([['INTERNAL', 1]]));
  });

  test('a page holds 100 nodes and goes on, there 101 and the rest is lost', async () => {
    await using arena = await openArena(SETUP);
    const difference = await arena.run([
      step('putArtifacts', { artifacts: Array.from({ length: 145 }, () => ({ ...plain, typeId: 10n })) }),
      step('getArtifacts', { options: { maxResultSize: 150 } }),
    ]);
    expect(difference).toMatchObject({
      ours: { answer: { artifacts: { length: 100 }, nextPageToken: { idOffset: 100n } } },
      theirs: { answer: { artifacts: { length: 101 } } },
    });
    expect(difference?.theirs).not.toHaveProperty('answer.nextPageToken');
  });

  test('doubles are exact, there they have six decimals', async () => {
    await using arena = await openArena(SETUP);
    const customProperties = values({ small: { doubleValue: 1e-7 }, sum: { doubleValue: 0.1 + 0.2 } });
    const difference = await arena.run([
      step('putArtifacts', { artifacts: [{ ...plain, typeId: 10n, customProperties }] }),
      step('getArtifactsById', { artifactIds: [6n] }),
    ]);
    const read = (small: number, sum: number) => ({
      answer: {
        artifacts: [
          {
            customProperties: [
              ['small', { doubleValue: small }],
              ['sum', { doubleValue: sum }],
            ],
          },
        ],
      },
    });
    expect(difference).toMatchObject({ ours: read(1e-7, 0.1 + 0.2), theirs: read(0, 0.3) });
  });
});
