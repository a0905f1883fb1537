import { compareNodes, type NodeRef } from '../graph.ts';
import { align } from './align.ts';
import { type Closure, type ClosureNode, type IndexedClosure, indexClosure } from './closure.ts';
import { toComparable } from './comparable.ts';
import { type Compared, type Difference, differencesOf } from './differences.ts';
import { type ComparedClosure, toCompared } from './likeness.ts';
import type { Pair } from './pair-up.ts';
import { roleOf } from './role.ts';
import { type Marks, withoutRuns } from './without-runs.ts';

/** A node that is not the same in two closures. */
export interface Change {
  readonly change: 'ADDED' | 'REMOVED' | 'CHANGED';
  /** Why it is changed: its own values differ, what it was made of does, or both do. Undefined where it has no partner. */
  readonly cause: 'OWN' | 'UPSTREAM' | 'BOTH' | undefined;
  /** How many links it is away from the roots, the nearer of both where it is in both closures. */
  readonly depth: number;
  readonly role: string;
  /** The node as it is in the closure after or, where it is not there, as it was before. */
  readonly node: NodeRef;
  readonly before: NodeRef | undefined;
  readonly after: NodeRef | undefined;
  readonly differences: readonly Difference[];
}

/**
 * In what two closures differ, the nearest to the roots first. Nodes are aligned by their roles and compared without
 * what names their runs; a node of which anything that it was made of is not the same is changed too.
 */
export function diffClosures(before: Closure, after: Closure): Change[] {
  const [a, b] = compareClosures(before, after);
  const compared: Compared = { before: a, after: b, ...align(a, b) };
  const own = ownDifferences(compared);
  const removed = [...a.nodes.values()].filter(({ key }) => !compared.toAfter.has(key));
  const added = [...b.nodes.values()].filter(({ key }) => !compared.toBefore.has(key));
  const affected = affectedBy(compared, [...own.keys()], { removed, added });
  const changed = pairsOf(compared).filter(([{ key }]) => own.has(key) || affected.has(key));
  const changes = [
    ...removed.map((node) => alone('REMOVED', a, node)),
    ...added.map((node) => alone('ADDED', b, node)),
    ...changed.map((pair) => toChange(compared, pair, own, affected)),
  ];
  return changes.sort(compareChanges);
}

function compareClosures(before: Closure, after: Closure): readonly [ComparedClosure, ComparedClosure] {
  const closures = [indexClosure(before), indexClosure(after)] as const;
  const plain = new Map(closures.map((closure) => [closure, withoutRuns(marksOf(closure))]));
  return toCompared(closures, (closure, node) => toComparable(node, plain.get(closure) ?? String));
}

function marksOf({ nodes, links, runMarks }: IndexedClosure): Marks {
  const outputs = links.flatMap(({ kind, from, place }) =>
    kind === 'OUTPUT' ? [`${place}/${nodes.get(from)?.ref.id}`] : [],
  );
  return { runs: runMarks, outputs };
}

/** What both closures have, but not as the same node of the store. */
function pairsOf({ before, after, toAfter }: Compared): Pair[] {
  return [...toAfter].flatMap(([key, other]) => {
    const [a, b] = [before.nodes.get(key), after.nodes.get(other)];
    return a && b && key !== other ? [[a, b] as const] : [];
  });
}

/** The differences of the pairs that have some, by the key of the node before. */
function ownDifferences(compared: Compared): Map<string, readonly Difference[]> {
  const found = pairsOf(compared).map((pair) => [pair[0].key, differencesOf(compared, pair)] as const);
  return new Map(found.filter(([, differences]) => differences.length > 0));
}

/** The nodes of pairs that were made of what is not the same, by their keys before. */
function affectedBy(
  { before, after, toAfter, toBefore }: Compared,
  own: readonly string[],
  { removed, added }: { readonly removed: readonly ClosureNode[]; readonly added: readonly ClosureNode[] },
): ReadonlySet<string> {
  const usersBefore = (key: string) => before.usersOf(key).map(({ node }) => node.key);
  const usersAfter = (key: string) => after.usersOf(key).flatMap(({ node }) => toBefore.get(node.key) ?? []);
  const isPair = (key: string) => toAfter.has(key) && toAfter.get(key) !== key;
  const affected = new Set(
    [
      ...own.flatMap((key) => [...usersBefore(key), ...usersAfter(toAfter.get(key) ?? '')]),
      ...removed.flatMap(({ key }) => usersBefore(key)),
      ...added.flatMap(({ key }) => usersAfter(key)),
    ].filter(isPair),
  );
  for (const key of affected) {
    for (const user of [...usersBefore(key), ...usersAfter(toAfter.get(key) ?? '')])
      if (isPair(user)) affected.add(user);
  }
  return affected;
}

function alone(change: 'ADDED' | 'REMOVED', closure: ComparedClosure, node: ClosureNode): Change {
  return {
    change,
    cause: undefined,
    depth: node.depth,
    role: roleOf(closure, node),
    node: node.ref,
    before: change === 'REMOVED' ? node.ref : undefined,
    after: change === 'ADDED' ? node.ref : undefined,
    differences: [],
  };
}

function toChange(
  compared: Compared,
  [before, after]: Pair,
  own: ReadonlyMap<string, readonly Difference[]>,
  affected: ReadonlySet<string>,
): Change {
  const differences = own.get(before.key) ?? [];
  const isAffected = affected.has(before.key);
  return {
    change: 'CHANGED',
    cause: differences.length === 0 ? 'UPSTREAM' : isAffected ? 'BOTH' : 'OWN',
    depth: Math.min(before.depth, after.depth),
    role: roleOf(compared.after, after),
    node: after.ref,
    before: before.ref,
    after: after.ref,
    differences,
  };
}

function compareChanges(a: Change, b: Change): number {
  return a.depth - b.depth || compareNodes(a.node, b.node) || (a.change < b.change ? -1 : 1);
}
