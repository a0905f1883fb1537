import type { ModelVersionResolvers, ProvenanceResolvers, ProvenanceValueResolvers } from '../generated/graphql.ts';
import { provenanceOf } from '../lineage/provenance.ts';
import { lineageEnd, lineageNodes } from './rows/lineage-nodes.ts';

export const ModelVersion = {
  // Each version is a walk of its own.
  provenance: ({ id = 0n }, { maxNodes }, context) => context.loaders.inTurn(() => provenanceOf(context, id, maxNodes)),
} satisfies ModelVersionResolvers;

export const Provenance = {
  datasets: ({ datasets }, _arguments, context, info) => lineageNodes(datasets, context, info),
  baseModels: (provenance, _arguments, context, info) => lineageNodes(provenance.baseModels, context, info),
} satisfies ProvenanceResolvers;

export const ProvenanceValue = {
  of: ({ of }, _arguments, context, info) => lineageEnd(of, context, info),
} satisfies ProvenanceValueResolvers;
