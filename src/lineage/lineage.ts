import type { Context } from '../context.ts';
import { fingerprint } from '../domain/fingerprint.ts';
import { keyOf, type Link, type NodeRef } from '../domain/lineage/graph.ts';
import {
  type Bounds,
  type LineageFilterInput,
  parseBound,
  parseFilter,
  parseNodes,
  parseTime,
} from '../domain/lineage/lineage-arguments.ts';
import { decodeWalkPlace, encodeWalkPlace } from '../domain/lineage/lineage-cursor.ts';
import { plainFilter } from '../domain/lineage/node-filter.ts';
import { createdBy, fitting, notFitting } from './judges.ts';
import { createLinkReader } from './links.ts';
import { collectPage, type Limit, type WalkPage } from './page.ts';
import { storedNodes } from './stored-nodes.ts';
import { createWalk } from './walk.ts';

/** The arguments of GraphQL's `lineage`. */
export interface LineageArguments {
  readonly of: readonly string[];
  readonly direction?: 'UPSTREAM' | 'DOWNSTREAM' | 'BIDIRECTIONAL' | null | undefined;
  readonly maxDepth?: number | null | undefined;
  readonly maxNodes?: number | null | undefined;
  readonly filter?: LineageFilterInput | null | undefined;
  readonly stopAt?: LineageFilterInput | null | undefined;
  readonly through?: readonly 'CONTEXTS'[] | null | undefined;
  readonly asOf?: bigint | string | null | undefined;
  readonly after?: string | null | undefined;
}

/** Whether a lineage is whole. */
export interface Completeness {
  readonly complete: boolean;
  readonly reason: Limit | null;
  readonly omittedNodes: number;
  readonly cursor: string | null;
}

/** A page of a lineage. */
export interface LineagePage {
  readonly nodes: readonly NodeRef[];
  readonly edges: readonly Link[];
  readonly completeness: Completeness;
  /** The global ids that there is no node for. */
  readonly missing: readonly string[];
  readonly asOf: bigint | undefined;
}

/** Links away from the start. */
export const DEPTH: Bounds = [0, 10_000, 1_000];

/** Nodes of one page. */
export const NODES: Bounds = [1, 10_000, 1_000];

/** A page of what nodes were made from and what they affect. INVALID_ARGUMENT for arguments that are not right. */
export async function lineagePage(context: Context, args: LineageArguments): Promise<LineagePage> {
  const { after } = args;
  const bounds = {
    maxDepth: parseBound(args.maxDepth, 'maxDepth', DEPTH),
    maxNodes: parseBound(args.maxNodes, 'maxNodes', NODES),
  };
  const start = parseNodes(args.of, 'of');
  const filter = parseFilter(args.filter, 'filter');
  const stopAt = parseFilter(args.stopAt, 'stopAt');
  const asOf = parseTime(args.asOf);
  const ways = { up: args.direction !== 'DOWNSTREAM', down: args.direction !== 'UPSTREAM' };
  const throughContexts = args.through?.includes('CONTEXTS') ?? false;
  const walkId = await fingerprint({
    ...{ ...ways, throughContexts, asOf },
    ...{ of: start.map(keyOf).sort(), filter: plainFilter(filter), stopAt: plainFilter(stopAt) },
  });
  const place = after == null ? undefined : decodeWalkPlace(after, walkId);
  const base = place?.base ?? 0;
  const { there, missing } = await split(context, start, args.of, asOf);
  const walk = createWalk(createLinkReader(context, { throughContexts }), there, {
    ...ways,
    opens: stopAt && notFitting(context, stopAt),
    admits: asOf === undefined ? undefined : createdBy(context, asOf),
    keeps: asOf === undefined ? undefined : ({ event }) => (event?.millisecondsSinceEpoch ?? 0n) <= asOf,
  });
  const page = await collectPage(walk, {
    maxNodes: bounds.maxNodes,
    // A later page goes on, whatever its bound is.
    maxDepth: place ? Math.max(base + Math.max(1, bounds.maxDepth), place.depth) : bounds.maxDepth,
    after: place,
    shows: filter && fitting(context, filter),
  });
  context.budget.spend(page.nodes.length);
  return {
    nodes: page.nodes,
    edges: page.links,
    completeness: completenessOf(page, base, walk.depth, walkId),
    missing,
    asOf,
  };
}

/** The start nodes that are there, and the ids of those that are not. */
async function split(context: Context, start: readonly NodeRef[], ids: readonly string[], asOf: bigint | undefined) {
  const nodes = await storedNodes(context, start);
  const isThere = nodes.map(
    (node) => node !== null && (asOf === undefined || (node.createTimeSinceEpoch ?? 0n) <= asOf),
  );
  const distinct = [...new Set(ids)];
  return {
    there: start.filter((_node, index) => isThere[index]),
    missing: distinct.filter((_id, index) => !isThere[index]),
  };
}

function completenessOf(page: WalkPage, base: number, depth: number, walkId: string): Completeness {
  const { reason, omittedNodes } = page;
  const place = reason && page.place && { ...page.place, base: reason === 'MAX_DEPTH' ? depth : base };
  return {
    complete: reason === null,
    reason,
    omittedNodes,
    cursor: place ? encodeWalkPlace(place, walkId) : null,
  };
}
