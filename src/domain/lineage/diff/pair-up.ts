import { compareNodes } from '../graph.ts';
import type { ClosureNode } from './closure.ts';
import type { Comparable } from './comparable.ts';
import type { Features } from './likeness.ts';

/** Two nodes that are the same one in two closures. */
export type Pair = readonly [before: ClosureNode, after: ClosureNode];

/** Comparing each with each takes its time. */
const MAX_COMPARED = 32;

type Left = readonly [before: readonly ClosureNode[], after: readonly ClosureNode[]];
type BothFeatures = readonly [before: Features, after: Features];

/**
 * Pairs up nodes of two closures that have one role: by what is known to tell them apart, then by how many values they
 * have in common, then in order, until one of the lists is at its end.
 */
export function pairUp(before: readonly ClosureNode[], after: readonly ClosureNode[], features: BothFeatures): Pair[] {
  if (before.length === 0 || after.length === 0) return [];
  if (before.length === 1 && after.length === 1) return zip(before, after);
  const pairs: Pair[] = [];
  let left: Left = [inOrder(before), inOrder(after)];
  const steps = [...features[0].keys.map((_key, index) => byKey(index)), bySimilarity];
  for (const step of steps) {
    const found = step(left, features);
    const taken = new Set(found.flat());
    pairs.push(...found);
    left = [left[0].filter((node) => !taken.has(node)), left[1].filter((node) => !taken.has(node))];
  }
  return [...pairs, ...zip(...left)];
}

function inOrder(nodes: readonly ClosureNode[]): readonly ClosureNode[] {
  return [...nodes].sort((a, b) => compareNodes(a.ref, b.ref));
}

/** The pairs whose key at this place is the same. */
function byKey(place: number): (left: Left, features: BothFeatures) => Pair[] {
  return ([before, after], [ofBefore, ofAfter]) => {
    const key = ofBefore.keys[place];
    const others = Map.groupBy(after, (node) => ofAfter.keys[place]?.of(node));
    return [...Map.groupBy(before, (node) => key?.of(node))].flatMap(([text, nodes]) => {
      const alike = text === undefined ? [] : (others.get(text) ?? []);
      return key?.exact || (nodes.length === 1 && alike.length === 1) ? zip(nodes, alike) : [];
    });
  };
}

/** The pair with the most values in common first, of several the first in order. */
function bySimilarity([before, after]: Left, [ofBefore, ofAfter]: BothFeatures): Pair[] {
  if (before.length > MAX_COMPARED || after.length > MAX_COMPARED) return [];
  const values = after.map(ofAfter.values);
  const candidates = before.flatMap((a) => {
    const own = ofBefore.values(a);
    return after.map((b, index) => ({ pair: [a, b] as const, common: inCommon(own, values[index]) }));
  });
  const taken = new Set<ClosureNode>();
  // Sorting is stable: candidates are in order.
  return candidates
    .sort((a, b) => b.common - a.common)
    .flatMap(({ pair }) => {
      if (pair.some((node) => taken.has(node))) return [];
      for (const node of pair) taken.add(node);
      return [pair];
    });
}

function inCommon(a: Comparable, b: Comparable | undefined): number {
  let common = 0;
  for (const [field, text] of a) if (b?.get(field) === text) common += 1;
  return common;
}

function zip(before: readonly ClosureNode[], after: readonly ClosureNode[]): Pair[] {
  return before.slice(0, after.length).flatMap((node, index) => {
    const other = after[index];
    return other ? [[node, other] as const] : [];
  });
}
