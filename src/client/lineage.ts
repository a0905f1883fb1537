import { LineageDocument, type LineageQuery, type LineageQueryVariables } from '../generated/client-operations.ts';
import type { Client, QueryOptions } from './client.ts';
import { type Completeness, readWalk, type WalkOptions } from './walk.ts';

/** A node of a lineage: what it is, and what people call it. */
export interface LineageNode {
  /** The global id. */
  readonly id: string;
  /** What it is: its noun in the registry, or its type. */
  readonly kind: string;
  readonly label: string;
}

/** An edge of a lineage, in the direction of data: what happens at its start affects its end. */
export type LineageEdge = LineageQuery['lineage']['edges'][number];

/** What is asked of a lineage. */
export type LineageArguments = Omit<LineageQueryVariables, 'of' | 'maxNodes'> & WalkOptions;

/** What something was made of, and what was made of it. */
export interface Lineage {
  /** Nearest first. */
  readonly nodes: readonly LineageNode[];
  /** Their ends are ids; one that a filter hides, or that lies behind the end, is not in `nodes`. */
  readonly edges: readonly LineageEdge[];
  /** Of the ids asked for, those that there are not. */
  readonly missing: readonly string[];
  /** Whether this is all of it, and if not, why and how to go on: give its `cursor` as `after`. */
  readonly completeness: Completeness;
}

/**
 * The lineage of nodes: global ids, or `artifact:19`, `execution:7`, `context:3` with MLMD's ids. It asks page by page up
 * to `limit` nodes; a `maxDepth` ends it as well.
 */
export async function lineage(
  client: Client,
  of: string | readonly string[],
  { limit, pageSize, after, ...which }: LineageArguments = {},
  options?: QueryOptions,
): Promise<Lineage> {
  const ids = [of].flat();
  const pages = await readWalk(
    async (place) => (await client.query(LineageDocument, { ...which, of: ids, ...place }, options)).lineage,
    ({ nodes }) => nodes.length,
    { limit, pageSize, after },
  );
  return {
    nodes: pages.all.flatMap(({ nodes }) => nodes),
    edges: pages.all.flatMap(({ edges }) => edges),
    missing: pages.all[0]?.missing ?? [],
    completeness: pages.completeness,
  };
}
