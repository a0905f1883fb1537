import { chunksOf } from '../domain/chunks.ts';
import type { Link } from '../domain/lineage/graph.ts';
import { isBehind, type WalkPlace } from '../domain/lineage/lineage-cursor.ts';
import type { Visit } from '../domain/lineage/visits.ts';
import { cutOff } from './cut-off.ts';
import type { Walk } from './walk.ts';

/** Edges of one page; it ends with the node whose links come to this. So it does where all of its nodes are hidden. */
const MAX_EDGES = 50_000;

/** Nodes that are judged together. */
const CHUNK = 1_000;

const NONE: ReadonlySet<Visit> = new Set();

/** Where a page begins and what it may hold. */
export interface PageBounds {
  readonly maxNodes: number;
  /** The depth that the walk does not go beyond. */
  readonly maxDepth: number;
  readonly after: WalkPlace | undefined;
  /** Which nodes are shown; all are where it is absent. */
  readonly shows?: ((visits: readonly Visit[]) => Promise<readonly boolean[]>) | undefined;
}

/** Why a page ends before the walk does. */
export type Limit = 'MAX_NODES' | 'MAX_DEPTH' | 'MAX_EDGES';

/** A page of a walk. */
export interface WalkPage {
  readonly nodes: readonly Visit[];
  readonly links: readonly Link[];
  /** Null where nothing is left. */
  readonly reason: Limit | null;
  readonly omittedNodes: number;
  /** How far the walk has gone on; undefined where there was nothing to go on from. */
  readonly place: Pick<WalkPlace, 'depth' | 'node'> | undefined;
}

/** The page behind a place: earlier nodes are walked over again, and only the page's own are judged. */
export async function collectPage(walk: Walk, bounds: PageBounds): Promise<WalkPage> {
  const { after } = bounds;
  const nodes: Visit[] = [];
  const links: Link[] = [];
  let place: WalkPage['place'];
  for (;;) {
    const { known, rest } = split(walk, bounds);
    walk.visit(known);
    const taken = await take(rest, bounds, { nodes: nodes.length, edges: links.length });
    const omitted = rest.length - taken.visits.length;
    const end = (reason: Limit | null, left = NONE): WalkPage => ({
      ...{ nodes, links, reason, place },
      omittedNodes: omitted + left.size + walk.foundWithout(left),
    });
    // The next page begins with this level, and with all that is known of it.
    if (taken.reason && taken.visits.length + known.length === 0) return end(taken.reason);
    const own = [...walk.visit(taken.visits)];
    for (const link of await walk.expand(after !== undefined && walk.depth() <= after.depth)) own.push(link);
    const cut = cutOff(taken.visits, own, MAX_EDGES - links.length);
    for (const link of cut?.links ?? own) links.push(link);
    for (const visit of taken.shown) if (!cut?.left.has(visit)) nodes.push(visit);
    // A level without nodes, where others are gone on from in another way, is behind the last node as well.
    const node = cut?.last ?? taken.visits.at(-1) ?? known.at(-1) ?? place?.node;
    place = node && { depth: walk.depth(), node };
    if (cut) return end('MAX_EDGES', cut.left);
    if (taken.reason) return end(taken.reason);
    if (!walk.goesOn()) return end(null);
    if (walk.depth() >= bounds.maxDepth) return end('MAX_DEPTH');
    walk.advance();
  }
}

function split(walk: Walk, { after }: PageBounds) {
  const level = walk.level();
  const known = after ? level.filter((visit) => isBehind(after, walk.depth(), visit)) : [];
  for (const visit of known) visit.known = true;
  return { known, rest: level.filter((visit) => !visit.known) };
}

/** What the page has already. */
interface Filled {
  readonly nodes: number;
  readonly edges: number;
}

interface Taken {
  readonly visits: readonly Visit[];
  readonly shown: readonly Visit[];
  /** Why not all were taken. */
  readonly reason: Limit | null;
}

/** The first of the nodes, until the page is full. */
async function take(rest: readonly Visit[], { maxNodes, shows }: PageBounds, filled: Filled): Promise<Taken> {
  const visits: Visit[] = [];
  const shown: Visit[] = [];
  let { edges } = filled;
  for (const chunk of chunksOf(rest, CHUNK)) {
    const verdicts = await shows?.(chunk);
    for (const [index, visit] of chunk.entries()) {
      if (filled.nodes + shown.length >= maxNodes) return { visits, shown, reason: 'MAX_NODES' };
      if (edges >= MAX_EDGES) return { visits, shown, reason: 'MAX_EDGES' };
      visits.push(visit);
      edges += visit.pending.length;
      if (verdicts?.[index] ?? true) shown.push(visit);
    }
  }
  return { visits, shown, reason: null };
}
