import type { Context } from '../context.ts';
import { fingerprint } from '../domain/fingerprint.ts';
import { keyOf, type Link, type NodeRef } from '../domain/lineage/graph.ts';
import { type Bounds, parseBound, parseNodes } from '../domain/lineage/lineage-arguments.ts';
import { decodeWalkPlace, encodeWalkPlace } from '../domain/lineage/lineage-cursor.ts';
import type { Visit } from '../domain/lineage/visits.ts';
import { createdBy } from './judges.ts';
import { createLinkReader } from './links.ts';
import { collectPage, type Limit, type WalkPage } from './page.ts';
import { storedNodes } from './stored-nodes.ts';
import { createWalk, type Judge, type Walk } from './walk.ts';

/** Links away from the start. */
const DEPTH: Bounds = [0, 10_000, 1_000];

/** Nodes of one page. */
const NODES: Bounds = [1, 10_000, 1_000];

/** The arguments of every field that shows a page of a walk. */
export interface WalkArguments {
  readonly of: readonly string[];
  readonly maxDepth?: number | null | undefined;
  readonly maxNodes?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** How to walk. */
export interface Walked {
  /** What is asked, so that a cursor of another question is known as one: the same for the same question in other words. */
  readonly question: unknown;
  readonly up: boolean;
  readonly down: boolean;
  readonly throughContexts?: boolean;
  readonly asOf?: bigint | undefined;
  readonly keeps?: (link: Link) => boolean;
  readonly opens?: Judge | undefined;
  /** Which nodes are shown; all are where it is absent. */
  readonly shows?: ((visits: readonly Visit[]) => Promise<readonly boolean[]>) | undefined;
}

/** Whether a walk is shown whole. */
export interface Completeness {
  readonly complete: boolean;
  readonly reason: Limit | null;
  readonly omittedNodes: number;
  readonly cursor: string | null;
  /** True where something is left out that the caller may not see. */
  readonly withheld: boolean;
}

/** A page of a walk, as it is shown. */
export interface ShownWalk {
  readonly nodes: readonly Visit[];
  readonly edges: readonly Link[];
  readonly completeness: Completeness;
  /** The ids in `of` that there is no node for. */
  readonly missing: readonly string[];
  readonly walk: Walk;
}

/** The page of a walk that the arguments ask for, its nodes counted. INVALID_ARGUMENT for arguments that are not right. */
export async function walkPage(request: Context, args: WalkArguments, walked: Walked): Promise<ShownWalk> {
  const { after } = args;
  const context = request.watched();
  const maxDepth = parseBound(args.maxDepth, 'maxDepth', DEPTH);
  const maxNodes = parseBound(args.maxNodes, 'maxNodes', NODES);
  const start = parseNodes(args.of, 'of');
  context.budget.walk(start.length);
  const { caller, unbounded } = context.access;
  const question = {
    ...{ of: start.map(keyOf).sort(), question: walked.question },
    ...(!unbounded && { caller: [caller.by, caller.name] }),
  };
  const place = after == null ? undefined : decodeWalkPlace(after, await fingerprint(question));
  const base = place?.base ?? 0;
  const { there, missing } = await split(context, start, walked);
  // A later page goes on, whatever its bound is.
  const end = place ? Math.max(base + Math.max(1, maxDepth), place.depth) : maxDepth;
  const walk = openWalk(context, there, walked, end);
  const page = await collectPage(walk, {
    maxNodes,
    maxDepth: end,
    after: place,
    shows: walked.shows,
  });
  context.budget.spend(page.nodes.length);
  const cut = await completenessOf(page, walk.depth(), base, question);
  const completeness = { ...cut, withheld: context.withheld() };
  return { nodes: page.nodes, edges: page.links, completeness, missing, walk };
}

function openWalk(context: Context, start: readonly NodeRef[], walked: Walked, maxDepth: number): Walk {
  const { throughContexts = false, asOf, keeps, ...ways } = walked;
  // Of what lies behind nodes at which the walk stops, nothing is read ahead.
  const levels = walked.opens ? 1 : maxDepth + 1;
  const readLinks = createLinkReader(context, { throughContexts, asOf, levels });
  if (asOf === undefined) return createWalk(readLinks, start, { ...ways, keeps });
  const wasThere = ({ event }: Link) => (event?.millisecondsSinceEpoch ?? 0n) <= asOf;
  return createWalk(readLinks, start, {
    ...ways,
    keeps: (link) => wasThere(link) && (keeps?.(link) ?? true),
    admits: createdBy(context, asOf),
  });
}

/** The start nodes that are there, and the ids of those that are not. */
async function split(context: Context, start: ReturnType<typeof parseNodes>, { asOf }: Walked) {
  const nodes = await storedNodes(context, start);
  const { there = [], missing = [] } = Object.groupBy(start, (_node, index) => {
    const created = nodes[index] && (nodes[index].createTimeSinceEpoch ?? 0n);
    return created != null && (asOf === undefined || created <= asOf) ? 'there' : 'missing';
  });
  return { there, missing: missing.map(({ text }) => text) };
}

async function completenessOf(
  { reason, omittedNodes, place: end }: WalkPage,
  depth: number,
  base: number,
  question: unknown,
): Promise<Omit<Completeness, 'withheld'>> {
  const place = reason && end && { ...end, base: reason === 'MAX_DEPTH' ? depth : base };
  return {
    complete: reason === null,
    reason,
    omittedNodes,
    cursor: place ? encodeWalkPlace(place, await fingerprint(question)) : null,
  };
}
