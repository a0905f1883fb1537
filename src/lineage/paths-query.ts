import type { Context } from '../context.ts';
import type { NodeRef } from '../domain/lineage/graph.ts';
import { type Bounds, parseBound, parseNode } from '../domain/lineage/lineage-arguments.ts';
import type { Way } from '../domain/lineage/paths/path-graph.ts';
import { expectStored } from './expect-stored.ts';
import { createLinkReader } from './links.ts';
import { findPaths } from './paths.ts';
import type { Completeness } from './walk-page.ts';

/** The arguments of GraphQL's `paths`. */
export interface PathsArguments {
  readonly from: string;
  readonly to: string;
  readonly first?: number | null | undefined;
}

/** A path, by the nodes that it passes and the ways between them. */
export interface LineagePath {
  readonly nodes: readonly NodeRef[];
  readonly ways: readonly Way[];
}

/** The shortest paths between two nodes. */
export interface LineagePaths {
  readonly paths: readonly LineagePath[];
  readonly hasMore: boolean;
  readonly completeness: Completeness;
}

const FIRST: Bounds = [1, 20, 20];

/**
 * The shortest paths between two nodes. INVALID_ARGUMENT for arguments that are not right, NOT_FOUND where one of the
 * nodes is not there.
 */
export async function lineagePaths(request: Context, args: PathsArguments): Promise<LineagePaths> {
  const context = request.watched();
  const first = parseBound(args.first, 'first', FIRST);
  const from = parseNode(args.from, 'from');
  const to = parseNode(args.to, 'to');
  await expectStored(context, { from, to });
  const { paths, hasMore, complete, omitted } = await findPaths(createLinkReader(context), from, to, { first });
  return {
    paths: paths.map((ways) => ({ nodes: [from, ...ways.map((way) => way.to)], ways })),
    hasMore,
    completeness: {
      ...{ complete, reason: complete ? null : 'MAX_NODES', omittedNodes: omitted, cursor: null },
      withheld: context.withheld(),
    },
  };
}
