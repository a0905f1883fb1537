import { shownArtifactKindOf, shownKindOf } from '../domain/metric-history.ts';
import { REGISTRY_KINDS, registryKindOf } from '../domain/registry-kinds.ts';
import type {
  ArtifactResolvers,
  ContextResolvers,
  ExecutionResolvers,
  MutationPayloadResolvers,
  RegistryObjectResolvers,
} from '../generated/graphql.ts';

export const Context = {
  registered(node, _arguments, { loaders }) {
    const kind = registryKindOf(node);
    return kind && REGISTRY_KINDS[kind].node === 'Context' ? loaders.registered.context(kind, node.id ?? 0n) : null;
  },
} satisfies ContextResolvers;

export const Artifact = {
  registered: (node) => (shownArtifactKindOf(node) ? node : null),
} satisfies ArtifactResolvers;

export const Execution = {
  registered: (node) => (node.type === REGISTRY_KINDS.ServeModel.type ? node : null),
} satisfies ExecutionResolvers;

export const RegistryObject = {
  __resolveType: (row) => shownKindOf(row) ?? null,
} satisfies RegistryObjectResolvers;

export const MutationPayload = {
  __resolveType: () => null,
} satisfies MutationPayloadResolvers;
