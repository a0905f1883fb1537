import fc from 'fast-check';
import { expect, test } from 'vitest';

import { keyOf } from '../../src/domain/lineage/graph.ts';
import { walkUp } from '../../src/lineage/walk-up.ts';
import { chain, linksOf, nodeOf, type Pair, readerOf } from './graphs.ts';

const number = fc.nat(9);
const graphs = fc.array(fc.tuple(number, number), { maxLength: 30, size: 'max' });

test('a walk up finds what a node was made of, with distances, and all links between', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, number, number, async (pairs, a, b) => {
      const walks = await walkUp(readerOf(linksOf(pairs)).readLinks, [nodeOf(a), nodeOf(b)], 100);
      walks.forEach(({ nodes, links, omitted }, index) => {
        const distances = distancesTo(pairs, index === 0 ? a : b);
        const expected = [...distances].map(([each, depth]) => [keyOf(nodeOf(each)), depth]);
        expect([...nodes].map(([key, { depth }]) => [key, depth]).sort()).toEqual(expected.sort());
        const between = pairs.filter(([, to]) => distances.has(to)).map(([from, to]) => `${from} ${to}`);
        expect(links.map(({ from, to }) => `${from.id} ${to.id}`).sort()).toEqual([...new Set(between)].sort());
        expect(omitted).toBe(0);
      });
    }),
  );
});

test('two walks up ask together for each level', async () => {
  const { readLinks, asked } = readerOf(linksOf([...chain(6), ...chain(4).map(([a, b]): Pair => [a + 100, b + 100])]));
  await walkUp(readLinks, [nodeOf(6), nodeOf(104)], 100);
  expect(asked).toEqual([2, 2, 2, 2, 2, 1, 1]);
});

test('a walk up of too many nodes keeps the nearest, and counts what it found besides', async () => {
  const pairs = Array.from({ length: 10 }, (_, index): Pair => [2 + 2 * index, 1]);
  const { readLinks } = readerOf(linksOf([...pairs, [31, 2], [33, 4], [35, 20]]));
  const [walk] = await walkUp(readLinks, [nodeOf(1)], 6);
  expect([...(walk?.nodes.keys() ?? [])]).toEqual(['Execution:1', ...[2, 4, 6, 8, 10].map((id) => `Artifact:${id}`)]);
  // Five of the artifacts, and what two of those were made of that were kept.
  expect(walk?.omitted).toBe(7);
  expect(walk?.links).toHaveLength(5);
});

function distancesTo(pairs: readonly Pair[], target: number): Map<number, number> {
  const distances = new Map([[target, 0]]);
  for (const [at, distance] of distances) {
    for (const [from, to] of pairs) if (to === at && !distances.has(from)) distances.set(from, distance + 1);
  }
  return distances;
}
