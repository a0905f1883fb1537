import type { ProvenanceChangeResolvers, ProvenanceDiffResolvers, QueryResolvers } from '../generated/graphql.ts';
import { provenanceDiff } from '../lineage/diff.ts';
import { lineageEnd } from './rows/lineage-nodes.ts';

export const Query = {
  provenanceDiff: (_root, args, context) => provenanceDiff(context, args),
} satisfies QueryResolvers;

export const ProvenanceDiff = {
  added: ({ counts }) => counts.ADDED,
  removed: ({ counts }) => counts.REMOVED,
  changed: ({ counts }) => counts.CHANGED,
} satisfies ProvenanceDiffResolvers;

export const ProvenanceChange = {
  cause: ({ cause }) => cause ?? null,
  before: ({ before }, _arguments, context, info) => (before ? lineageEnd(before, context, info) : null),
  after: ({ after }, _arguments, context, info) => (after ? lineageEnd(after, context, info) : null),
} satisfies ProvenanceChangeResolvers;
