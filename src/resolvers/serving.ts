import type { MutationResolvers } from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

export const Mutation = {
  createServingEnvironment: async (_root, { input }, context) =>
    payload('servingEnvironment', await createRow(context, 'ServingEnvironment', input)),
  updateServingEnvironment: async (_root, { input }, context) =>
    payload('servingEnvironment', await updateRow(context, 'ServingEnvironment', input)),
  archiveServingEnvironment: async (_root, { input }, context) =>
    payload('servingEnvironment', await archiveRow(context, 'ServingEnvironment', input, true)),
  restoreServingEnvironment: async (_root, { input }, context) =>
    payload('servingEnvironment', await archiveRow(context, 'ServingEnvironment', input, false)),
  createInferenceService: async (_root, { input }, context) =>
    payload('inferenceService', await createRow(context, 'InferenceService', input)),
  updateInferenceService: async (_root, { input }, context) =>
    payload('inferenceService', await updateRow(context, 'InferenceService', input)),
  archiveInferenceService: async (_root, { input }, context) =>
    payload('inferenceService', await archiveRow(context, 'InferenceService', input, true)),
  restoreInferenceService: async (_root, { input }, context) =>
    payload('inferenceService', await archiveRow(context, 'InferenceService', input, false)),
  createServeModel: async (_root, { input }, context) =>
    payload('serveModel', await createRow(context, 'ServeModel', input)),
  updateServeModel: async (_root, { input }, context) =>
    payload('serveModel', await updateRow(context, 'ServeModel', input)),
  archiveServeModel: async (_root, { input }, context) =>
    payload('serveModel', await archiveRow(context, 'ServeModel', input, true)),
  restoreServeModel: async (_root, { input }, context) =>
    payload('serveModel', await archiveRow(context, 'ServeModel', input, false)),
} satisfies MutationResolvers;
