import type { ClosureNode, IndexedClosure } from './closure.ts';
import type { Comparable } from './comparable.ts';
import { createNumbering, deepKeysOf } from './deep-keys.ts';
import { localRoleOf } from './role.ts';

/** A closure, and the values of its nodes in a form in which they can be compared with those of another one. */
export interface ComparedClosure extends IndexedClosure {
  readonly comparable: (node: ClosureNode) => Comparable;
  /** Equal for two nodes that say the same and were made of what is the same: see {@link deepKeysOf}. */
  readonly deepKey: (node: ClosureNode) => string;
}

/** Two closures whose values are made comparable by these functions. */
export function toCompared(
  closures: readonly [before: IndexedClosure, after: IndexedClosure],
  toComparable: (closure: IndexedClosure, node: ClosureNode) => Comparable,
): readonly [before: ComparedClosure, after: ComparedClosure] {
  const numberOf = createNumbering();
  const compared = (closure: IndexedClosure): ComparedClosure => {
    const known = new Map<ClosureNode, Comparable>();
    const comparable = (node: ClosureNode) => {
      const values = known.get(node) ?? toComparable(closure, node);
      known.set(node, values);
      return values;
    };
    // Made when they are needed, which in most closures they are not.
    let deepKeys: ReadonlyMap<string, number> | undefined;
    const deepKey = ({ key }: ClosureNode) => {
      deepKeys ??= deepKeysOf(closure, comparable, numberOf);
      return String(deepKeys.get(key));
    };
    return { ...closure, comparable, deepKey };
  };
  return [compared(closures[0]), compared(closures[1])];
}

/** By what the nodes of a closure are known in another one. */
export interface Features {
  /**
   * What tells one node of several from the others, the most certain first; undefined where it does not. `exact`: nodes
   * of which it is the same are like each other in all that counts, so that any of them may stand for any.
   */
  readonly keys: readonly { readonly exact: boolean; readonly of: (node: ClosureNode) => string | undefined }[];
  /** The values of a node and of what it was made of directly. */
  readonly values: (node: ClosureNode) => Comparable;
}

/** The features of the nodes of a closure. */
export function featuresOf({ comparable, deepKey, ...closure }: ComparedClosure): Features {
  return {
    keys: [
      { exact: false, of: ({ uri }) => uri || undefined },
      { exact: true, of: deepKey },
      { exact: false, of: (node) => placeOf(comparable(node)) },
      { exact: false, of: (node) => JSON.stringify([...comparable(node)].sort(([a], [b]) => (a < b ? -1 : 1))) },
    ],
    values: (node) =>
      new Map([
        ...comparable(node),
        ...closure
          .sourcesOf(node.key)
          .flatMap((source) =>
            [...comparable(source.node)].map(
              ([field, text]) => [`${localRoleOf(closure, source)} ${field}`, text] as const,
            ),
          ),
      ]),
  };
}

function placeOf(comparable: Comparable): string | undefined {
  const texts = [comparable.get('uri'), comparable.get('name')];
  return texts.some((text) => text !== undefined) ? JSON.stringify(texts) : undefined;
}
