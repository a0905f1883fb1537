import type { LineagePathResolvers, QueryResolvers } from '../generated/graphql.ts';
import { lineagePaths } from '../lineage/paths-query.ts';
import { lineageEnd } from './rows/lineage-nodes.ts';

export const Query = {
  paths: (_root, args, context) => lineagePaths(context, args),
} satisfies QueryResolvers;

export const LineagePath = {
  length: ({ ways }) => ways.length,
  nodes: ({ nodes }, _arguments, context, info) => nodes.map((node) => lineageEnd(node, context, info)),
  edges: ({ ways }) => ways.map(({ link }) => link),
} satisfies LineagePathResolvers;
