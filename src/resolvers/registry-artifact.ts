import { shownArtifactKindOf } from '../domain/metric-history.ts';
import type {
  DataSetConnectionResolvers,
  DataSetEdgeResolvers,
  DataSetResolvers,
  DocArtifactConnectionResolvers,
  DocArtifactEdgeResolvers,
  DocArtifactResolvers,
  ModelArtifactConnectionResolvers,
  ModelArtifactEdgeResolvers,
  ModelArtifactResolvers,
  MutationResolvers,
  QueryResolvers,
  RegistryArtifactConnectionResolvers,
  RegistryArtifactEdgeResolvers,
  RegistryArtifactResolvers,
} from '../generated/graphql.ts';
import { payload } from '../registry/row-change.ts';
import { upsertArtifact } from '../registry/upsert-artifact.ts';

import { artifactBy, artifactOfAnyKind } from './rows/find-row.ts';
import { mutationsOf } from './rows/mutations.ts';
import { artifactFields } from './rows/registry-artifact.ts';
import { listOf, listOfArtifacts, registryConnection, registryEdge } from './rows/registry-lists.ts';

export const Query = {
  modelArtifact: artifactBy('ModelArtifact'),
  modelArtifacts: listOf('ModelArtifact'),
  docArtifact: artifactBy('DocArtifact'),
  docArtifacts: listOf('DocArtifact'),
  dataSet: artifactBy('DataSet'),
  dataSets: listOf('DataSet'),
  registryArtifact: artifactOfAnyKind,
  registryArtifacts: listOfArtifacts,
} satisfies QueryResolvers;

export const RegistryArtifact = {
  __resolveType: (row) => shownArtifactKindOf(row) ?? null,
} satisfies RegistryArtifactResolvers;

export const ModelArtifact = artifactFields('ModelArtifact') satisfies ModelArtifactResolvers;
export const DocArtifact = artifactFields('DocArtifact') satisfies DocArtifactResolvers;
export const DataSet = artifactFields('DataSet') satisfies DataSetResolvers;

export const ModelArtifactConnection = registryConnection() satisfies ModelArtifactConnectionResolvers;
export const ModelArtifactEdge = registryEdge() satisfies ModelArtifactEdgeResolvers;
export const DocArtifactConnection = registryConnection() satisfies DocArtifactConnectionResolvers;
export const DocArtifactEdge = registryEdge() satisfies DocArtifactEdgeResolvers;
export const DataSetConnection = registryConnection() satisfies DataSetConnectionResolvers;
export const DataSetEdge = registryEdge() satisfies DataSetEdgeResolvers;
export const RegistryArtifactConnection = registryConnection() satisfies RegistryArtifactConnectionResolvers;
export const RegistryArtifactEdge = registryEdge() satisfies RegistryArtifactEdgeResolvers;

export const Mutation = {
  ...mutationsOf('ModelArtifact'),
  ...mutationsOf('DocArtifact'),
  ...mutationsOf('DataSet'),
  upsertArtifact: async (_root, { input }, context) => payload('artifact', await upsertArtifact(context, input)),
} satisfies MutationResolvers;
