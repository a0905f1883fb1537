import { ARTIFACT_KINDS, registryKindOf } from '../domain/registry-kinds.ts';
import type {
  MutationPayloadResolvers,
  RegistryArtifactResolvers,
  RegistryObjectResolvers,
} from '../generated/graphql.ts';

export const RegistryObject = {
  __resolveType: (row) => registryKindOf(row) ?? null,
} satisfies RegistryObjectResolvers;

export const RegistryArtifact = {
  __resolveType: (row) => Object.values(ARTIFACT_KINDS).find((kind) => kind === registryKindOf(row)) ?? null,
} satisfies RegistryArtifactResolvers;

export const MutationPayload = {
  __resolveType: () => null, // no field is of this type: each mutation has a payload of its own
} satisfies MutationPayloadResolvers;
