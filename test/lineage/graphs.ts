import { compareNodes, keyOf, type Link, type NodeRef, type ReadLinks } from '../../src/domain/lineage/graph.ts';

/** From which node to which, by numbers. */
export type Pair = readonly [from: number, to: number];

/** A node by a number: artifacts have even ones, executions odd ones. */
export function nodeOf(number: number): NodeRef {
  return { type: number % 2 === 0 ? 'Artifact' : 'Execution', id: BigInt(number) };
}

/** Links between nodes by their numbers. */
export function linksOf(pairs: readonly Pair[]): Link[] {
  return pairs.map(([from, to]) => ({
    from: nodeOf(from),
    to: nodeOf(to),
    kind: from % 2 === 0 ? 'INPUT' : 'OUTPUT',
    derivedFrom: 'EVENT',
  }));
}

/** Reads from a list of links, and counts what is asked for. */
export function readerOf(links: readonly Link[]): { readLinks: ReadLinks; asked: number[] } {
  const down = Map.groupBy(links, ({ from }) => keyOf(from));
  const up = Map.groupBy(links, ({ to }) => keyOf(to));
  const asked: number[] = [];
  const readLinks: ReadLinks = async (nodes) => {
    asked.push(nodes.length);
    return nodes.flatMap((node) => [
      ...(node.up ? (up.get(keyOf(node)) ?? []) : []),
      ...(node.down ? (down.get(keyOf(node)) ?? []) : []),
    ]);
  };
  return { readLinks, asked };
}

/** A chain: 0 -> 1 -> … -> length. */
export function chain(length: number): Pair[] {
  return Array.from({ length }, (_, number) => [number, number + 1]);
}

/** Two rails with a rung at each step, down both and across: 0 is where they begin, 2 * rungs - 1 where they end. */
export function ladder(rungs: number): Pair[] {
  return Array.from({ length: rungs }, (_, rung) => rung * 2).flatMap((left): Pair[] => {
    const across: Pair[] = [[left, left + 1]];
    return left + 2 >= rungs * 2 ? across : [...across, [left, left + 2], [left + 1, left + 3]];
  });
}

/** Layers of nodes, each of which leads to all of the next layer; 0 leads to the first, the last number is the end. */
export function layers(count: number, width: number): Pair[] {
  const layer = (index: number) => Array.from({ length: width }, (_, each) => 1 + index * width + each);
  const pairs: Pair[] = layer(0).map((to) => [0, to]);
  for (let index = 1; index < count; index += 1) {
    for (const from of layer(index - 1)) for (const to of layer(index)) pairs.push([from, to]);
  }
  return [...pairs, ...layer(count - 1).map((from): Pair => [from, count * width + 1])];
}

/** A square of nodes, each of which leads to the right and down; the first corner is 0, the last side * side - 1. */
export function grid(side: number): Pair[] {
  return Array.from({ length: side * side }, (_, node) => node).flatMap((node): Pair[] => [
    ...(node % side < side - 1 ? [[node, node + 1] as const] : []),
    ...(node + side < side * side ? [[node, node + side] as const] : []),
  ]);
}

/** The same links, and as many back. */
export function bothWays(pairs: readonly Pair[]): Pair[] {
  return pairs.flatMap(([from, to]): Pair[] => [
    [from, to],
    [to, from],
  ]);
}

/** All simple paths, as the numbers of their nodes, by trying every way; by length, then by their nodes. */
export function allPaths(pairs: readonly Pair[], from: number, to: number): number[][] {
  const next = (each: number) => [...new Set(pairs.filter(([start]) => start === each).map(([, end]) => end))];
  const extend = (path: readonly number[]): number[][] => {
    const last = path.at(-1) ?? from;
    if (last === to) return [[...path]];
    return next(last).flatMap((each) => (path.includes(each) ? [] : extend([...path, each])));
  };
  return extend([from]).sort(comparePaths);
}

function comparePaths(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const place = a.findIndex((each, index) => each !== b[index]);
  return place < 0 ? 0 : compareNodes(nodeOf(a[place] ?? 0), nodeOf(b[place] ?? 0));
}
