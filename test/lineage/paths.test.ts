import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Link } from '../../src/domain/lineage/graph.ts';
import { findPaths } from '../../src/lineage/paths.ts';
import { allPaths, bothWays, chain, grid, linksOf, nodeOf, type Pair, readerOf } from './graphs.ts';

const node = fc.nat(8);
const graphs = fc.array(fc.tuple(node, node), { maxLength: 40, size: 'max' });

describe('paths between two nodes', () => {
  test('are the shortest of all there are, or say that they may not be', async () => {
    const seen = { certain: 0, uncertain: 0, more: 0 };
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }), async (...given) => {
        const [pairs, first, maxVisited] = given;
        const all = allPaths(pairs, 0, 1);
        const { paths, complete, hasMore, visited, omitted } = await find(pairs, 0, 1, { first, maxVisited });
        expect(visited).toBeLessThanOrEqual(maxVisited);
        expect(paths.length).toBeLessThanOrEqual(first);
        for (const path of paths) expect(all).toContainEqual(path);
        if (complete) {
          expect({ paths, hasMore, omitted }).toEqual({
            paths: all.slice(0, first),
            hasMore: all.length > first,
            omitted: 0,
          });
        } else {
          expect({ visited, omitted }).toEqual({ visited: maxVisited, omitted: expect.any(Number) });
          expect(omitted).toBeGreaterThan(0);
        }
        seen[complete ? 'certain' : 'uncertain'] += 1;
        seen.more += complete && hasMore ? 1 : 0;
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(200);
  });

  test('of 2,000 links are found in one read for each', async () => {
    const { readLinks, asked } = readerOf(linksOf(chain(2_000)));
    const { paths, ...rest } = await findPaths(readLinks, nodeOf(0), nodeOf(2_000), { first: 20 });
    expect(paths.map((path) => path.length)).toEqual([2_000]);
    expect(rest).toEqual({ hasMore: false, complete: true, visited: 2_001, omitted: 0 });
    expect(asked).toEqual(Array(2_001).fill(1));
  });

  test('are found without visiting what lies beyond', async () => {
    // A dataset that 30,000 others use too.
    const crowd = Array.from({ length: 30_000 }, (_, each): Pair => [2, 1_001 + 2 * each]);
    const pairs: Pair[] = [[0, 1], [0, 3], [1, 2], [3, 2], [2, 5], [2, 7], [5, 4], [7, 4], ...crowd];
    const { paths, ...rest } = await find(pairs, 0, 4, { first: 3 });
    expect(paths).toEqual([
      [0, 1, 2, 5, 4],
      [0, 1, 2, 7, 4],
      [0, 3, 2, 5, 4],
    ]);
    expect(rest).toEqual({ hasMore: true, complete: true, visited: 5, omitted: 0 });
  });

  test('that need more than 20,000 visits say so', async () => {
    const { paths, ...rest } = await find(bothWays(grid(138)), 0, 138 * 138 - 1, { first: 20 });
    expect(paths).toHaveLength(20);
    expect(rest).toEqual({ hasMore: true, complete: true, visited: 138 * 137, omitted: 0 });
    const longer = await find(bothWays(grid(180)), 0, 180 * 180 - 1, { first: 20 });
    expect(longer).toEqual({
      paths: [],
      hasMore: false,
      complete: false,
      visited: 20_000,
      omitted: expect.any(Number),
    });
    expect(longer.omitted).toBeGreaterThan(200);
  });

  test('from a node to itself are one, without links; where there is none there are none', async () => {
    const { readLinks } = readerOf(
      linksOf([
        [0, 1],
        [1, 0],
      ]),
    );
    expect((await findPaths(readLinks, nodeOf(0), nodeOf(0), { first: 20 })).paths).toEqual([[]]);
    expect(await find([[1, 0]], 0, 1, { first: 20 })).toMatchObject({ paths: [], complete: true, omitted: 0 });
    expect(await find([], 0, 1, { first: 20 })).toMatchObject({ paths: [], complete: true, visited: 2 });
  });

  test('have one of several links between two nodes, the same one whatever the order', async () => {
    const [link] = linksOf([[0, 1]]);
    const others: Link[] = link ? [link, { ...link, kind: 'MADE_IN', derivedFrom: 'MODEL_SOURCE' }] : [];
    for (const links of [others, others.toReversed()]) {
      const { paths } = await findPaths(readerOf(links).readLinks, nodeOf(0), nodeOf(1), { first: 20 });
      expect(paths.map((path) => path.map((way) => way.link))).toEqual([[link]]);
    }
  });
});

/** The paths, as the numbers of their nodes. */
async function find(
  pairs: readonly Pair[],
  from: number,
  to: number,
  bounds: { readonly first: number; readonly maxVisited?: number },
) {
  const { readLinks } = readerOf(linksOf(pairs));
  const { paths, ...rest } = await findPaths(readLinks, nodeOf(from), nodeOf(to), bounds);
  return { ...rest, paths: paths.map((path) => [from, ...path.map(({ to: next }) => Number(next.id))]) };
}
