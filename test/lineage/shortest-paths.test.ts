import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toPathGraph } from '../../src/domain/lineage/paths/path-graph.ts';
import { type PathBounds, shortestPaths } from '../../src/domain/lineage/paths/shortest-paths.ts';
import { allPaths, bothWays, chain, grid, ladder, layers, linksOf, nodeOf, type Pair } from './graphs.ts';

const NODES = 9;
const node = fc.nat(NODES - 1);
const graphs = fc.array(fc.tuple(node, node), { maxLength: 45, size: 'max' });

describe('the shortest simple paths', () => {
  test('are those of all simple paths, sorted by length and then by nodes, in graphs with cycles', () => {
    const seen = { paths: 0, cut: 0, complete: 0 };
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 20 }), (pairs, first) => {
        const all = allPaths(pairs, 0, 1);
        expect(found(pairs, 0, 1, { first })).toEqual({ paths: all.slice(0, first), complete: true });
        seen.paths += all.length;
        seen[all.length > first ? 'cut' : 'complete'] += 1;
      }),
      { numRuns: 2_000 },
    );
    // Or the graphs would prove little.
    expect(seen.paths).toBeGreaterThan(2_000);
    expect(seen.cut).toBeGreaterThan(50);
  });

  test('are those of some length at most', () => {
    fc.assert(
      fc.property(graphs, fc.nat(6), (pairs, maxLength) => {
        const all = allPaths(pairs, 0, 1);
        const short = all.filter((path) => path.length - 1 <= maxLength);
        expect(found(pairs, 0, 1, { first: 1_000, maxLength }).paths).toEqual(short);
      }),
    );
  });

  test('are a prefix of all of them where the search took too many steps', () => {
    fc.assert(
      fc.property(graphs, fc.nat(60), (pairs, maxSteps) => {
        const all = allPaths(pairs, 0, 1);
        const { paths, complete } = found(pairs, 0, 1, { first: 1_000, maxSteps });
        expect(paths).toEqual(complete ? all : all.slice(0, paths.length));
      }),
    );
  });

  test.each<[string, readonly Pair[], number, { count: number; length: number }]>([
    ['a chain of 20,000', chain(20_000), 20_000, { count: 1, length: 20_000 }],
    ['a chain of 10,000 there and back', bothWays(chain(10_000)), 10_000, { count: 1, length: 10_000 }],
    ['a ladder of 10,000 rungs', ladder(10_000), 19_999, { count: 20, length: 10_000 }],
    ['a ladder of 5,000 rungs, each both ways', bothWays(ladder(5_000)), 9_999, { count: 20, length: 5_000 }],
    ['5 layers of 200, all to all', layers(5, 200), 1_001, { count: 20, length: 6 }],
    ['a grid of 140 x 140', grid(140), 19_599, { count: 20, length: 278 }],
    ['a grid of 100 x 100, each both ways', bothWays(grid(100)), 9_999, { count: 20, length: 198 }],
    ['a chain with a room of 40 beside it', [...chain(30), ...room(100, 40, 15)], 30, { count: 1, length: 30 }],
    ['a ladder with such a room', [...ladder(2_000), ...room(10_000, 40, 2_000)], 3_999, { count: 20, length: 2_000 }],
    ['detours of 1, 2, 4, … 512 links more', detours(10), 10, { count: 20, length: 10 }],
  ])('are found in some millions of steps: %s', (_name, pairs, to, { count, length }) => {
    const { paths, complete } = found(pairs, 0, to, { first: 20 });
    expect({ count: paths.length, length: (paths[0]?.length ?? 0) - 1, complete }).toEqual({
      count,
      length,
      complete: true,
    });
  });
});

/** The paths between two nodes, as the numbers of their nodes. */
function found(pairs: readonly Pair[], from: number, to: number, bounds: PathBounds) {
  const graph = toPathGraph(
    linksOf(pairs).map((link) => ({ from: link.from, to: link.to, link })),
    nodeOf(from),
    nodeOf(to),
  );
  if (!graph) return { paths: [], complete: true };
  const { paths, complete } = shortestPaths(graph, bounds);
  const numbersOf = (path: readonly number[]) => [
    from,
    ...path.slice(1).map((each, index) => Number(graph.wayOf(path[index] ?? -1, each)?.to.id)),
  ];
  return { paths: paths.map(numbersOf), complete };
}

/** Nodes that all lead to each other, and to and from one that is not of them: a trap without a way through. */
function room(first: number, size: number, door: number): Pair[] {
  const inside = [door, ...Array.from({ length: size }, (_, index) => first + index)];
  return inside.flatMap((from) => inside.filter((to) => to !== from).map((to): Pair => [from, to]));
}

/** A chain in which each link has a way around it, which is twice as long as that around the link before. */
function detours(count: number): Pair[] {
  let free = 1_000;
  return Array.from({ length: count }, (_, index) => index).flatMap((index): Pair[] => {
    const around = Array.from({ length: 2 ** index }, () => free++);
    const way = [index, ...around, index + 1];
    return [[index, index + 1], ...way.slice(1).map((to, place): Pair => [way[place] ?? index, to])];
  });
}
