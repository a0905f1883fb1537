import { keyOf } from '../graph.ts';
import type { ClosureNode } from './closure.ts';
import { type ComparedClosure, type Features, featuresOf } from './likeness.ts';
import { type Pair, pairUp } from './pair-up.ts';
import { localRoleOf, roleOf } from './role.ts';

/** Which node of the one closure is which of the other: keys to keys, both ways. */
export interface Alignment {
  readonly toAfter: ReadonlyMap<string, string>;
  readonly toBefore: ReadonlyMap<string, string>;
}

interface Aligning {
  readonly before: ComparedClosure;
  readonly after: ComparedClosure;
  readonly toAfter: Map<string, string>;
  readonly toBefore: Map<string, string>;
  readonly features: readonly [before: Features, after: Features];
}

/**
 * Finds for each node of a closure what it is in the other one. The roots are each other's, and a node that is in both
 * is itself. From the roots on, what two such nodes were made of is paired by its role for them; then what is left,
 * because more or less lies between, by its role in the closure; and last, files that are the same ones.
 */
export function align(before: ComparedClosure, after: ComparedClosure): Alignment {
  const aligning: Aligning = {
    ...{ before, after },
    ...{ toAfter: new Map(), toBefore: new Map() },
    features: [featuresOf(before), featuresOf(after)],
  };
  const roots = rootsOf(before, after);
  for (const pair of roots) take(aligning, pair);
  for (const [key, node] of before.nodes) {
    const same = after.nodes.get(key);
    if (same && isFree(aligning, [node, same])) take(aligning, [node, same]);
  }
  follow(aligning, roots);
  follow(aligning, pairLeft(aligning, roleOf));
  follow(
    aligning,
    pairLeft(aligning, (_closure, node) => node.uri && JSON.stringify([node.type, node.uri])),
  );
  return aligning;
}

function rootsOf(before: ComparedClosure, after: ComparedClosure): Pair[] {
  const [a, b] = [before.nodes.get(keyOf(before.root)), after.nodes.get(keyOf(after.root))];
  return a && b && a.ref.type === b.ref.type ? [[a, b]] : [];
}

function take({ toAfter, toBefore }: Aligning, [before, after]: Pair): void {
  toAfter.set(before.key, after.key);
  toBefore.set(after.key, before.key);
}

function isFree({ toAfter, toBefore }: Aligning, [before, after]: Pair): boolean {
  return !toAfter.has(before.key) && !toBefore.has(after.key);
}

/** Pairs what pairs were made of, and what that was made of, and so on. */
function follow(aligning: Aligning, pairs: readonly Pair[]): void {
  const queue = [...pairs];
  for (const [before, after] of queue) {
    // A node that is in both closures was made of the same nodes.
    if (before.key === after.key) continue;
    queue.push(...pairSources(aligning, before, after));
  }
}

function pairSources(aligning: Aligning, before: ClosureNode, after: ClosureNode): Pair[] {
  const freeSources = (closure: ComparedClosure, node: ClosureNode, taken: ReadonlyMap<string, string>) =>
    closure.sourcesOf(node.key).filter((source) => !taken.has(source.node.key));
  const groupsOf = (closure: ComparedClosure, node: ClosureNode, taken: ReadonlyMap<string, string>) =>
    Map.groupBy(freeSources(closure, node, taken), (source) => localRoleOf(closure, source));
  const groups = groupsOf(aligning.after, after, aligning.toBefore);
  return [...groupsOf(aligning.before, before, aligning.toAfter)].flatMap(([role, sources]) =>
    takeAll(
      aligning,
      unique(sources.map(({ node }) => node)),
      unique((groups.get(role) ?? []).map(({ node }) => node)),
    ),
  );
}

/** Pairs what has no partner yet by what it is in its closure. */
function pairLeft(
  aligning: Aligning,
  roleIn: (closure: ComparedClosure, node: ClosureNode) => string | undefined,
): Pair[] {
  const { before, after, toAfter, toBefore } = aligning;
  const groupsOf = (closure: ComparedClosure, taken: ReadonlyMap<string, string>) =>
    Map.groupBy(
      [...closure.nodes.values()].filter(({ key }) => !taken.has(key)),
      (node) => roleIn(closure, node),
    );
  const groups = groupsOf(after, toBefore);
  return [...groupsOf(before, toAfter)].flatMap(([role, nodes]) =>
    role ? takeAll(aligning, nodes, groups.get(role) ?? []) : [],
  );
}

/** Pairs up nodes of one role, as far as they are not taken by another role. */
function takeAll(aligning: Aligning, before: readonly ClosureNode[], after: readonly ClosureNode[]): Pair[] {
  const free = before.filter(({ key }) => !aligning.toAfter.has(key));
  const others = after.filter(({ key }) => !aligning.toBefore.has(key));
  const pairs = pairUp(free, others, aligning.features);
  for (const pair of pairs) take(aligning, pair);
  return pairs;
}

function unique(nodes: readonly ClosureNode[]): readonly ClosureNode[] {
  return [...new Set(nodes)];
}
