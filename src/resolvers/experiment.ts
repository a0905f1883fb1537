import type { MutationResolvers } from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

export const Mutation = {
  createExperiment: async (_root, { input }, context) =>
    payload('experiment', await createRow(context, 'Experiment', input)),
  updateExperiment: async (_root, { input }, context) =>
    payload('experiment', await updateRow(context, 'Experiment', input)),
  archiveExperiment: async (_root, { input }, context) =>
    payload('experiment', await archiveRow(context, 'Experiment', input, true)),
  restoreExperiment: async (_root, { input }, context) =>
    payload('experiment', await archiveRow(context, 'Experiment', input, false)),
  createExperimentRun: async (_root, { input }, context) =>
    payload('experimentRun', await createRow(context, 'ExperimentRun', input)),
  updateExperimentRun: async (_root, { input }, context) =>
    payload('experimentRun', await updateRow(context, 'ExperimentRun', input)),
  archiveExperimentRun: async (_root, { input }, context) =>
    payload('experimentRun', await archiveRow(context, 'ExperimentRun', input, true)),
  restoreExperimentRun: async (_root, { input }, context) =>
    payload('experimentRun', await archiveRow(context, 'ExperimentRun', input, false)),
} satisfies MutationResolvers;
