import { ImpactDocument, type ImpactQueryVariables } from '../generated/client-operations.ts';
import type { Client, QueryOptions } from './client.ts';
import type { LineageNode } from './lineage.ts';
import { type Completeness, readWalk, type WalkOptions } from './walk.ts';

/** Something that depends on what was asked about, how far away it is, and over what. */
export interface ImpactItem {
  readonly node: LineageNode;
  /** Links away. */
  readonly depth: number;
  /** A shortest way there, from what was asked about to the node. */
  readonly path: readonly LineageNode[];
}

/** What is asked of an impact. */
export type ImpactArguments = Omit<ImpactQueryVariables, 'of' | 'maxNodes'> & WalkOptions;

/** What depends on something. */
export interface Impact {
  /** Nearest first. */
  readonly items: readonly ImpactItem[];
  /** Of the ids asked for, those that there are not. */
  readonly missing: readonly string[];
  /** Whether this is all of it, and if not, why and how to go on: give its `cursor` as `after`. */
  readonly completeness: Completeness;
}

/** Which models, versions, deployments, services and environments depend on the nodes; ids are those of `lineage`. */
export async function impact(
  client: Client,
  of: string | readonly string[],
  { limit, pageSize, after, ...which }: ImpactArguments = {},
  options?: QueryOptions,
): Promise<Impact> {
  const ids = [of].flat();
  const pages = await readWalk(
    async (place) => (await client.query(ImpactDocument, { ...which, of: ids, ...place }, options)).impact,
    ({ items }) => items.length,
    { limit, pageSize, after },
  );
  return {
    items: pages.all.flatMap(({ items }) => items),
    missing: pages.all[0]?.missing ?? [],
    completeness: pages.completeness,
  };
}
