import type { MutationResolvers } from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

export const Mutation = {
  createModelVersion: async (_root, { input }, context) =>
    payload('modelVersion', await createRow(context, 'ModelVersion', input)),
  updateModelVersion: async (_root, { input }, context) =>
    payload('modelVersion', await updateRow(context, 'ModelVersion', input)),
  archiveModelVersion: async (_root, { input }, context) =>
    payload('modelVersion', await archiveRow(context, 'ModelVersion', input, true)),
  restoreModelVersion: async (_root, { input }, context) =>
    payload('modelVersion', await archiveRow(context, 'ModelVersion', input, false)),
} satisfies MutationResolvers;
