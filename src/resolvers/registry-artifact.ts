import type { MutationResolvers } from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';
import { upsertArtifact } from '../registry/upsert-artifact.ts';

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
