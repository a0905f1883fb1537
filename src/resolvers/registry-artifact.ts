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
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';
import { upsertArtifact } from '../registry/upsert-artifact.ts';

import { artifactBy, artifactOfAnyKind } from './rows/find-row.ts';
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
  createModelArtifact: async (_root, { input }, context) =>
    payload('modelArtifact', await createRow(context, 'ModelArtifact', input)),
  updateModelArtifact: async (_root, { input }, context) =>
    payload('modelArtifact', await updateRow(context, 'ModelArtifact', input)),
  archiveModelArtifact: async (_root, { input }, context) =>
    payload('modelArtifact', await archiveRow(context, 'ModelArtifact', input, true)),
  restoreModelArtifact: async (_root, { input }, context) =>
    payload('modelArtifact', await archiveRow(context, 'ModelArtifact', input, false)),
  createDocArtifact: async (_root, { input }, context) =>
    payload('docArtifact', await createRow(context, 'DocArtifact', input)),
  updateDocArtifact: async (_root, { input }, context) =>
    payload('docArtifact', await updateRow(context, 'DocArtifact', input)),
  archiveDocArtifact: async (_root, { input }, context) =>
    payload('docArtifact', await archiveRow(context, 'DocArtifact', input, true)),
  restoreDocArtifact: async (_root, { input }, context) =>
    payload('docArtifact', await archiveRow(context, 'DocArtifact', input, false)),
  createDataSet: async (_root, { input }, context) => payload('dataSet', await createRow(context, 'DataSet', input)),
  updateDataSet: async (_root, { input }, context) => payload('dataSet', await updateRow(context, 'DataSet', input)),
  archiveDataSet: async (_root, { input }, context) =>
    payload('dataSet', await archiveRow(context, 'DataSet', input, true)),
  restoreDataSet: async (_root, { input }, context) =>
    payload('dataSet', await archiveRow(context, 'DataSet', input, false)),
  upsertArtifact: async (_root, { input }, context) => payload('artifact', await upsertArtifact(context, input)),
} satisfies MutationResolvers;
