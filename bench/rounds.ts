/** One way to do the work that a bench compares. */
export interface Contender {
  readonly name: string;
  /** How often it does the work in one round. */
  readonly runs: number;
  /** Does the work once. */
  run(index: number): Promise<unknown>;
  /** What the last run took, in milliseconds, where that is measured elsewhere: in the engine's own process. */
  took?(): number;
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

/** How many rounds' runs warm a contender up: a server that lives long runs compiled code. */
export const WARM_UP = 8;

/** This process's own CPU time so far, in microseconds: `cpu` of a contender that works in it. */
export async function ownCpu(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A contender that works in this process, 500 times in a round. */
export function ownContender(name: string, run: Contender['run']): Contender {
  return { name, run, runs: SMOKE ? 1 : 500, cpu: ownCpu };
}

interface Round {
  readonly wall: number;
  readonly cpu: number;
}

/**
 * Measures the contenders in turn, each once per round and in an order that rotates, so that whatever else the machine
 * does hits all of them alike. Before that all of them are warmed up. Garbage is collected when V8 sees fit: a
 * collection forced before each round doubled the CPU time of the embedded gateway.
 */
export async function measure(contenders: readonly Contender[]): Promise<Measured[]> {
  for (const contender of SMOKE ? [] : contenders) {
    for (let run = 0; run < WARM_UP * contender.runs; run += 1) await contender.run(run);
  }
  const rounds = new Map(contenders.map(({ name }) => [name, [] as Round[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index] of contenders.entries()) {
      const contender = contenders[(index + round) % contenders.length];
      if (contender) rounds.get(contender.name)?.push(await measureRound(contender));
    }
  }
  return [...rounds].map(([name, all]) => ({
    name,
    wall: median(all.map(({ wall }) => wall)),
    cpu: median(all.map(({ cpu }) => cpu)),
  }));
}

async function measureRound({ runs, run, took, cpu }: Contender): Promise<Round> {
  const walls: number[] = [];
  const before = await cpu();
  for (let index = 0; index < runs; index += 1) {
    const start = performance.now();
    await run(index);
    const wall = performance.now() - start;
    walls.push(took?.() ?? wall);
  }
  return { wall: median(walls), cpu: ((await cpu()) - before) / 1_000 / runs };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}
