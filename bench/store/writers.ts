import type { MetadataStore } from '../../src/mlmd/store.ts';
import { median, ROUNDS, SMOKE } from '../rounds.ts';
import { artifacts, type WriteTypes } from './writes.ts';

/** Durable single writes per second. */
export interface Writers {
  readonly alone: number;
  readonly together: number;
}

/** How many writers work together. */
export const WRITERS = 16;

/** Writes of each writer in one round. */
const WRITES = SMOKE ? 1 : 25;

/** Compares one writer with 16 at once, each of which waits for one artifact to be durable before it puts the next. */
export async function measureWriters(store: MetadataStore, types: WriteTypes): Promise<Writers> {
  const rates = { alone: [] as number[], together: [] as number[] };
  for (let round = SMOKE ? 0 : -1; round < ROUNDS; round += 1) {
    const alone = await rate(store, types, `alone-${round}`, 1);
    const together = await rate(store, types, `together-${round}`, WRITERS);
    if (round < 0) continue; // warming up
    rates.alone.push(alone);
    rates.together.push(together);
  }
  return { alone: median(rates.alone), together: median(rates.together) };
}

async function rate(store: MetadataStore, types: WriteTypes, name: string, writers: number): Promise<number> {
  const each = writers === 1 ? WRITES * 4 : WRITES;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_none, writer) => {
      for (let write = 0; write < each; write += 1) {
        await store.putArtifacts(artifacts(types, `${name}-${writer}-${write}`, 1));
      }
    }),
  );
  return (each * writers * 1_000) / (performance.now() - begun);
}
