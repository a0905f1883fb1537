import type { Context } from '../context.ts';
import { type Change, diffClosures } from '../domain/lineage/diff/diff-closures.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import { type Bounds, parseBound, parseNode } from '../domain/lineage/lineage-arguments.ts';
import { RegistryError } from '../errors.ts';
import { loadClosure } from './closure.ts';
import { expectStored } from './expect-stored.ts';
import { createLinkReader } from './links.ts';
import type { Completeness } from './walk-page.ts';
import { walkUp } from './walk-up.ts';

/** The arguments of GraphQL's `provenanceDiff`. */
export interface DiffArguments {
  readonly a: string;
  readonly b: string;
  readonly first?: number | null | undefined;
}

/** In what two nodes differ with all that they were made of. */
export interface ProvenanceDiff {
  /** The nearest ones, up to as many as were asked for. */
  readonly changes: readonly Change[];
  /** How many there are of each sort. */
  readonly counts: Readonly<Record<Change['change'], number>>;
  readonly completeness: Completeness;
}

/** Nodes of one of the two closures. */
const MAX_NODES = 10_000;

const FIRST: Bounds = [1, 5_000, 1_000];

/**
 * In what two nodes differ with all that they were made of. INVALID_ARGUMENT for arguments that are not right, NOT_FOUND
 * where one of the nodes is not there.
 */
export async function provenanceDiff(request: Context, args: DiffArguments): Promise<ProvenanceDiff> {
  const context = request.watched();
  const first = parseBound(args.first, 'first', FIRST);
  const [a, b] = [parseNode(args.a, 'a'), parseNode(args.b, 'b')];
  if (a.type !== b.type) throw ofTwoKinds(a, b);
  await expectStored(context, { a, b });
  const walks = await walkUp(createLinkReader(context, { levels: MAX_NODES }), [a, b], MAX_NODES);
  const [before, after] = await Promise.all(walks.map((walk) => loadClosure(context, walk)));
  const changes = before && after ? diffClosures(before, after) : [];
  const count = (sort: Change['change']) => changes.filter(({ change }) => change === sort).length;
  return {
    changes: changes.slice(0, first),
    counts: { ADDED: count('ADDED'), REMOVED: count('REMOVED'), CHANGED: count('CHANGED') },
    completeness: completenessOf(
      walks.reduce((sum, { omitted }) => sum + omitted, 0),
      context.withheld(),
    ),
  };
}

function ofTwoKinds(a: NodeRef, b: NodeRef): RegistryError {
  const kinds = `'a' is of the kind ${a.type} and 'b' of the kind ${b.type}`;
  return new RegistryError('INVALID_ARGUMENT', `${kinds}; only nodes of one kind can be compared.`, { argument: 'b' });
}

function completenessOf(omittedNodes: number, withheld: boolean): Completeness {
  const complete = omittedNodes === 0;
  return { complete, reason: complete ? null : 'MAX_NODES', omittedNodes, cursor: null, withheld };
}
