import { median, ROUNDS, SMOKE, WARM_UP } from '../rounds.ts';
import type { Side, StoreCall } from './sides.ts';

/** What one side works on in one round, in milliseconds. */
const ROUND_MS = 60;

/** Calls in one round at most. */
const MAX_RUNS = 1_000;

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

/** What a call takes, in milliseconds: the medians of the rounds' medians (wall time) and means (CPU time). */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Measures the sides in turn, in an order that rotates, each as often in a round as its speed allows. */
export async function measureSides({ call }: Line, sides: readonly Side[]): Promise<Cost[]> {
  const runners = sides.map((side) => createRunner(side, call));
  for (const runner of SMOKE ? [] : runners) await runner.warmUp();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const index of runners.keys()) await runners[(index + round) % runners.length]?.round();
  }
  return runners.map((runner) => runner.result());
}

function createRunner(side: Side, call: Line['call']) {
  const rounds: Cost[] = [];
  let runs = 1;
  let index = 1; // 0 was the call that was checked

  async function run(count: number): Promise<Cost> {
    const walls: number[] = [];
    let cpu = 0;
    const calls = Array.from({ length: count }, () => call(index++));
    for await (const answer of side(calls)) {
      walls.push(answer.milliseconds);
      cpu += answer.cpu;
    }
    return { wall: median(walls), cpu: cpu / count };
  }

  return {
    async warmUp() {
      const first = await run(3);
      runs = Math.min(MAX_RUNS, Math.max(3, Math.ceil(ROUND_MS / first.wall)));
      for (let round = 0; round < WARM_UP; round += 1) await run(runs);
    },
    async round() {
      rounds.push(await run(runs));
    },
    result: () => ({ wall: median(rounds.map(({ wall }) => wall)), cpu: median(rounds.map(({ cpu }) => cpu)) }),
  };
}
