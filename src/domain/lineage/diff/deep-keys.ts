import type { ClosureNode, IndexedClosure } from './closure.ts';
import type { Comparable } from './comparable.ts';
import { localRoleOf } from './role.ts';

/** Gives the same number for the same text. */
export type Numbering = (text: string) => number;

/** A numbering of texts that begins now. */
export function createNumbering(): Numbering {
  const numbers = new Map<string, number>();
  return (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
}

/**
 * A number for each node, by its key, that is equal for two nodes that say the same and were made of what is the same,
 * all the way up. On a cycle it is equal only by chance of where one begins: then other likenesses decide.
 */
export function deepKeysOf(
  closure: IndexedClosure,
  comparable: (node: ClosureNode) => Comparable,
  numberOf: Numbering,
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const entered = new Set<string>();
  const stack = [...closure.nodes.keys()];
  while (stack.length > 0) {
    const key = stack[stack.length - 1] ?? '';
    const node = closure.nodes.get(key);
    if (!node || numbers.has(key)) stack.pop();
    else if (entered.has(key)) numbers.set(key, numberOf(textOf(closure, node, comparable(node), numbers)));
    else {
      entered.add(key);
      for (const source of closure.sourcesOf(key)) {
        const sourceKey = source.node.key;
        if (!entered.has(sourceKey)) stack.push(sourceKey);
      }
    }
  }
  return numbers;
}

function textOf(
  closure: IndexedClosure,
  node: ClosureNode,
  values: Comparable,
  numbers: ReadonlyMap<string, number>,
): string {
  const sources = closure
    .sourcesOf(node.key)
    .map((source) => `${localRoleOf(closure, source)} ${numbers.get(source.node.key) ?? ''}`);
  return JSON.stringify([[...values].sort(([a], [b]) => (a < b ? -1 : 1)), sources.sort()]);
}
