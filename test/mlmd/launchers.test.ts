import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { openArena } from './differential/run.ts';
import { KFP_READERS, TFX_READERS } from './launchers/readers.ts';
import { type RecordedStep, readRecording } from './launchers/recording.ts';

const missing = requireReference();

describe.skipIf(missing)(`beside the C++ engine ${missing ?? ''}`, () => {
  test.each([
    ['TFX', 'tfx', TFX_READERS],
    ['Kubeflow Pipelines', 'kfp', KFP_READERS],
  ] as const)('what launchers of %s were recorded to call has the same answers and rows', async (_, name, readers) => {
    const recording = readRecording(name);
    await using arena = await openArena([]);
    const difference = await arena.run([...recording, ...readers]);
    expect(difference, inspect(difference, { depth: 12 })).toBeUndefined();
    expect(arena.codes).toEqual(codesOf([...recording, ...readers.map((step) => ({ ...step, code: 'OK' }))]));
  });
});

/** How often each RPC was answered with which code, as an arena counts it. */
function codesOf(steps: readonly RecordedStep[]) {
  return new Map(
    Array.from(
      Map.groupBy(steps, ({ rpc }) => rpc),
      ([rpc, calls]) => {
        const byCode = Map.groupBy(calls, ({ code }) => code);
        return [rpc, new Map(Array.from(byCode, ([code, { length }]) => [code, length]))] as const;
      },
    ),
  );
}
