import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import type { ServerProcess } from '../server-process.ts';
import { startServerProcess } from '../server-process.ts';

/** How much memory a gateway of its own takes for requests, in MiB. */
export interface Memory {
  /** Resident before: started, and warm from small requests. */
  readonly before: number;
  /** The highest above that, during the first large request and during all of them. */
  readonly first: number;
  readonly most: number;
}

/** Small requests before, large ones that are watched. */
const SMALL = 10;
const LARGE = 5;

/** Measures a gateway over a store (`db FILE`, `mlmd HOST:PORT`); undefined where the system does not tell (not Linux). */
export async function measureMemory(
  args: readonly string[],
  small: string,
  large: string,
): Promise<Memory | undefined> {
  if (!existsSync('/proc/self/clear_refs')) return undefined;
  await using server = await startServerProcess('provenance/gateway.ts', args);
  for (let request = 0; request < SMALL; request += 1) await server.post(small);
  const before = highestSince(server);
  const peaks: number[] = [];
  for (let request = 0; request < LARGE; request += 1) {
    await server.post(large);
    peaks.push(highestSince(server, false) - before);
  }
  return { before, first: peaks[0] ?? 0, most: Math.max(...peaks) };
}

/** The highest resident size since the last reset; a reset makes it the present one. */
function highestSince({ pid }: ServerProcess, reset = true): number {
  if (reset) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
