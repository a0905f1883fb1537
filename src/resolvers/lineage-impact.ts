import type { ImpactItemResolvers, QueryResolvers } from '../generated/graphql.ts';
import { findImpact } from '../lineage/impact.ts';
import { lineageEnd, lineageNode } from './rows/lineage-nodes.ts';

export const Query = {
  impact: (_root, args, context) => findImpact(context, args),
} satisfies QueryResolvers;

export const ImpactItem = {
  node: ({ node }, _arguments, context, info) => lineageNode(node, context, info),
  path: ({ path }, _arguments, context, info) => Promise.all(path.map((each) => lineageEnd(each, context, info))),
} satisfies ImpactItemResolvers;
