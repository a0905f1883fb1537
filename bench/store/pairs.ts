import { median, ROUNDS, SMOKE, WARM_UP } from '../rounds.ts';
import type { Side, StoreCall } from './sides.ts';

/** What one side works on in one round, in milliseconds. */
const ROUND_MS = 60;

/** One line of the comparison: calls of one sort. */
export interface Line {
  readonly name: string;
  /** The call with this number; each is another one where it can be. */
  call(index: number): StoreCall;
  /** How many times as fast as the engine it should be, where the issue says so. */
  readonly aim?: number;
  /** Set where no order is promised. */
  readonly unordered?: boolean;
}

/** Medians of the rounds' medians, in milliseconds per call. */
export interface Pair {
  readonly ours: number;
  /** Undefined where there is no engine. */
  readonly engine: number | undefined;
}

/** Measures both sides in turn, in an order that changes, each as often in a round as its speed allows. */
export async function measurePair({ call }: Line, ours: Side, engine: Side | undefined): Promise<Pair> {
  const sides = [createRunner(ours, call), ...(engine ? [createRunner(engine, call)] : [])];
  for (const side of SMOKE ? [] : sides) await side.warmUp();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side.round();
  }
  return { ours: sides[0]?.result() ?? 0, engine: sides[1]?.result() };
}

function createRunner(side: Side, call: Line['call']) {
  const rounds: number[] = [];
  let runs = 1;
  let index = 1; // 0 was the call that was checked

  async function run(count: number): Promise<number[]> {
    const times: number[] = [];
    while (times.length < count) times.push((await side(call(index++))).milliseconds);
    return times;
  }

  return {
    async warmUp() {
      const first = median(await run(3));
      runs = Math.min(200, Math.max(3, Math.ceil(ROUND_MS / first)));
      await run(runs * (WARM_UP / 4));
    },
    async round() {
      rounds.push(median(await run(runs)));
    },
    result: () => median(rounds),
  };
}
