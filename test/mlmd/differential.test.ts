import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { RPC_NAMES } from '../../src/mlmd/store.ts';
import { requireReference } from '../reference/require.ts';
import { DERIVED_REQUESTS, READ_REQUESTS } from './differential/reads.ts';
import type { Requests } from './differential/requests.ts';
import { type Arena, openArena } from './differential/run.ts';
import { SETUP } from './differential/setup.ts';
import type { Step } from './differential/step.ts';
import { WRITE_REQUESTS } from './differential/writes.ts';

const missing = requireReference();

/** RPCs in a sequence. */
const LENGTH = 30;

/** Sequences of which every RPC and every code is to be seen. */
const ENOUGH = 300;

const sequences = Number(process.env['MODELGRAPH_TEST_SEQUENCES'] ?? ENOUGH);
const seed = Number(process.env['MODELGRAPH_TEST_SEED'] ?? Date.now() % 2 ** 31);

/** Every code that the engine gives at all; INTERNAL is how it tells of a taken name or external id on an update. */
const CODES = [
  'ABORTED',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
  'INTERNAL',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'OK',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
];

describe.skipIf(missing)(`random sequences beside the C++ engine ${missing ?? ''}`, () => {
  test(`${sequences} of ${LENGTH} RPCs, seed ${seed}`, { timeout: 90_000 + sequences * 1_000 }, async () => {
    console.log(`differential: ${sequences} sequences of ${LENGTH} RPCs, MODELGRAPH_TEST_SEED=${seed}`);
    await using arena = await openArena(SETUP);
    for (const steps of fc.sample(sequence, { numRuns: sequences, seed })) {
      if (await arena.run(steps)) expect.fail(await report(arena, steps));
    }
    console.log(`differential: ${summary(arena)}`);
    if (sequences >= ENOUGH) expectCoverage(arena);
  });
});

const sequence: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(...toSteps({ ...WRITE_REQUESTS, ...READ_REQUESTS, ...DERIVED_REQUESTS })),
  {
    minLength: LENGTH,
    maxLength: LENGTH,
  },
);

function toSteps(requests: Requests) {
  return RPC_NAMES.flatMap((rpc) => {
    const [weight, arbitrary] = requests[rpc] ?? [0, fc.constant({})];
    return weight === 0
      ? []
      : [{ weight, arbitrary: (arbitrary as fc.Arbitrary<object>).map((request) => ({ rpc, request })) }];
  });
}

function expectCoverage({ codes }: Arena): void {
  const calls = RPC_NAMES.map((rpc) => {
    const counts = [...(codes.get(rpc)?.values() ?? [])];
    return [rpc, counts.reduce((sum, count) => sum + count, 0)] as const;
  });
  expect(calls.filter(([, count]) => count < 20)).toEqual([]);
  const seen = new Set([...codes.values()].flatMap((counts) => [...counts.keys()]));
  expect([...seen].sort()).toEqual(CODES);
}

/** How often the engine gave which code. */
function summary({ codes }: Arena): string {
  const all = [...codes.values()].flatMap((counts) => [...counts]);
  const byCode = Map.groupBy(all, ([code]) => code);
  return [...byCode].map(([code, each]) => `${code} ${each.reduce((sum, [, count]) => sum + count, 0)}`).join(', ');
}

/** The steps without those that the difference does not need, and the difference. */
async function report(arena: Arena, steps: readonly Step[]): Promise<string> {
  let needed = steps;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const fewer = needed.filter((_, place) => place !== index);
    if (await arena.run(fewer)) needed = fewer;
  }
  const difference = await arena.run(needed);
  return inspect({ seed, steps: needed, difference }, { depth: 12, maxArrayLength: 200 });
}
