import type { MutationResolvers } from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { logRun } from '../registry/log-run.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

export const Mutation = {
  createMetric: async (_root, { input }, context) => payload('metric', await createRow(context, 'Metric', input)),
  updateMetric: async (_root, { input }, context) => payload('metric', await updateRow(context, 'Metric', input)),
  archiveMetric: async (_root, { input }, context) =>
    payload('metric', await archiveRow(context, 'Metric', input, true)),
  restoreMetric: async (_root, { input }, context) =>
    payload('metric', await archiveRow(context, 'Metric', input, false)),
  createParameter: async (_root, { input }, context) =>
    payload('parameter', await createRow(context, 'Parameter', input)),
  updateParameter: async (_root, { input }, context) =>
    payload('parameter', await updateRow(context, 'Parameter', input)),
  archiveParameter: async (_root, { input }, context) =>
    payload('parameter', await archiveRow(context, 'Parameter', input, true)),
  restoreParameter: async (_root, { input }, context) =>
    payload('parameter', await archiveRow(context, 'Parameter', input, false)),
  logRun: (_root, { input }, context) => logRun(context, input),
} satisfies MutationResolvers;
