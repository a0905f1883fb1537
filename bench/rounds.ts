/** One way to do the work that a bench compares. */
export interface Contender {
  readonly name: string;
  /** How often it does the work in one round. */
  readonly runs: number;
  /** Does the work once. */
  run(index: number): Promise<unknown>;
  /** Collects the garbage of its process. */
  collect(): Promise<unknown>;
  /** The CPU time that its process has used so far, in microseconds. */
  cpu(): Promise<number>;
}

/** What a contender took: medians of the rounds' medians (wall time) and means (CPU time), in milliseconds per run. */
export interface Measured {
  readonly name: string;
  readonly wall: number;
  readonly cpu: number;
}

/** A smoke run: everything is done once and little of it, so that its times mean nothing. */
export const SMOKE = process.env['MODELGRAPH_BENCH_SMOKE'] === '1';

/** Rounds that are counted. */
export const ROUNDS = SMOKE ? 1 : 7;

interface Round {
  readonly wall: number;
  readonly cpu: number;
}

/**
 * Measures the contenders in turn, each once per round and in an order that rotates, so that whatever else the machine
 * does hits all of them alike. A first round warms up and is not counted.
 */
export async function measure(contenders: readonly Contender[]): Promise<Measured[]> {
  const rounds = new Map(contenders.map(({ name }) => [name, [] as Round[]]));
  for (let round = SMOKE ? 1 : 0; round <= ROUNDS; round += 1) {
    for (const [index] of contenders.entries()) {
      const contender = contenders[(index + round) % contenders.length];
      if (!contender) continue;
      const measured = await measureRound(contender);
      if (round > 0) rounds.get(contender.name)?.push(measured);
    }
  }
  return [...rounds].map(([name, all]) => ({
    name,
    wall: median(all.map(({ wall }) => wall)),
    cpu: median(all.map(({ cpu }) => cpu)),
  }));
}

async function measureRound({ runs, run, collect, cpu }: Contender): Promise<Round> {
  const walls: number[] = [];
  await collect();
  const before = await cpu();
  for (let index = 0; index < runs; index += 1) {
    const start = performance.now();
    await run(index);
    walls.push(performance.now() - start);
  }
  return { wall: median(walls), cpu: ((await cpu()) - before) / 1_000 / runs };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}
