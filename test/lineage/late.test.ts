import { describe, expect, test } from 'vitest';

import { putChain } from '../fill.ts';
import { openHarness } from '../harness.ts';
import { KINDS } from '../registry/rig.ts';
import { artifact, send } from './ask.ts';

describe.each(KINDS)('a walk that takes too long, %s store', (kind) => {
  test('ends with the one error, and no call is made after it', { timeout: 120_000 }, async () => {
    await using harness = await openHarness({ kind, timeoutMs: 60, fill: (store) => putChain(store, 2_000) });
    const { status, data, errors } = await send(harness, { of: [artifact(1n)], maxDepth: 10_000, maxNodes: 10_000 });
    expect({ status, data, errors }).toMatchObject({
      ...{ status: 200, data: null },
      errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }],
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const calls = harness.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(harness.calls.length).toBe(calls);
    expect(calls).toBeLessThan(4_000);
  });
});
