import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { openArena } from './differential/run.ts';
import { KFP_STEPS } from './launchers/kfp.ts';
import { TFX_STEPS } from './launchers/tfx.ts';

const missing = requireReference();

describe.skipIf(missing)(`beside the C++ engine ${missing ?? ''}`, () => {
  test.each([
    ['TFX', TFX_STEPS, ['NOT_FOUND']],
    ['Kubeflow Pipelines', KFP_STEPS, ['ALREADY_EXISTS', 'NOT_FOUND']],
  ] as const)('what a launcher of %s calls has the same answers and rows', async (_, steps, failures) => {
    await using arena = await openArena([]);
    const difference = await arena.run(steps);
    expect(difference, inspect(difference, { depth: 12 })).toBeUndefined();
    const codes = new Set([...arena.codes.values()].flatMap((counts) => [...counts.keys()]));
    // Such calls fail in a real run, too: it tries whether something is there already.
    expect([...codes].sort()).toEqual([...failures, 'OK'].sort());
  });
});
