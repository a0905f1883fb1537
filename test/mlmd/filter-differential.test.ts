import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { type FilterCase, filterCases } from './filter-arbitrary.ts';
import { DIFFERENCES, type Outcome } from './filter-differences.ts';
import { FILTER_FEATURES } from './filter-features.ts';
import { type FilterStores, filtered, openFilterStores } from './filter-stores.ts';

/** Filters of which every feature is to be seen. */
const ENOUGH = 2_000;

const numRuns = Number(process.env.MODELGRAPH_TEST_FILTERS ?? ENOUGH);
const seed = Number(process.env.MODELGRAPH_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe.skipIf(requireReference())('filters beside the C++ engine', () => {
  let stores: FilterStores;
  beforeAll(async () => {
    stores = await openFilterStores();
  });
  afterAll(() => stores?.[Symbol.asyncDispose]());

  test(`${numRuns} filters give the same ids or are refused by both`, { timeout: 60_000 + numRuns * 60 }, async () => {
    console.log(`MODELGRAPH_TEST_FILTERS=${numRuns} MODELGRAPH_TEST_SEED=${seed}`);
    const seen = { rows: 0, none: 0, refused: 0, explained: 0 };
    const answered: string[] = [];
    await fc.assert(
      fc.asyncProperty(filterCases, async (filter) => {
        const [ours, engine] = await outcomes(stores, filter);
        if (sameOutcome(ours, engine)) {
          if (typeof ours !== 'string') answered.push(filter.filter);
          seen[typeof ours === 'string' ? 'refused' : ours.length > 0 ? 'rows' : 'none'] += 1;
          return;
        }
        const explained = DIFFERENCES.some(({ explains }) => explains(filter, ours, engine));
        if (!explained) expect({ ...filter, outcome: ours }).toEqual({ ...filter, outcome: engine });
        seen.explained += 1;
      }),
      { numRuns, seed, endOnFailure: false },
    );
    console.log(seen);
    // Or the filters would prove little.
    const [rows, none, refused, explained] = Object.values(seen).map((count) => count / numRuns);
    expect(rows).toBeGreaterThan(0.15);
    expect(none).toBeGreaterThan(0.1);
    expect(refused).toBeGreaterThan(0.1);
    expect(explained).toBeLessThan(0.1);
    if (numRuns >= ENOUGH) expectFeatures(answered);
  });
});

/** Each feature is often enough in filters that both stores answer, and alike. */
function expectFeatures(filters: readonly string[]): void {
  const counts = Object.entries(FILTER_FEATURES).map(
    ([name, pattern]) => [name, filters.filter((filter) => pattern.test(filter)).length] as const,
  );
  expect(counts.filter(([, count]) => count < 5)).toEqual([]);
}

async function outcomes({ ours, engine }: FilterStores, { kind, filter }: FilterCase): Promise<[Outcome, Outcome]> {
  return [await filtered(ours, kind, filter), await filtered(engine, kind, filter)];
}

function sameOutcome(ours: Outcome, engine: Outcome): boolean {
  if (typeof ours === 'string' || typeof engine === 'string') {
    return [ours, engine].every((each) => typeof each === 'string' && each.startsWith('INVALID_ARGUMENT'));
  }
  return ours.join() === engine.join();
}
