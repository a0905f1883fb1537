import type {
  ExperimentConnectionResolvers,
  ExperimentEdgeResolvers,
  ExperimentResolvers,
  ExperimentRunConnectionResolvers,
  ExperimentRunEdgeResolvers,
  ExperimentRunResolvers,
  MutationResolvers,
  QueryResolvers,
} from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

import { bestRun } from './rows/best-run.ts';
import { contextBy } from './rows/find-row.ts';
import { MEMBERS } from './rows/members-of.ts';
import { metricHistory } from './rows/metric-history.ts';
import { ofContext } from './rows/node-fields.ts';
import { ownerIdOf, ownerOfContext } from './rows/owner.ts';
import { registryFields } from './rows/registry-fields.ts';
import { listOf, nested, registryConnection, registryEdge } from './rows/registry-lists.ts';

export const Query = {
  experiment: contextBy('Experiment'),
  experiments: listOf('Experiment'),
  experimentRun: contextBy('ExperimentRun', 'experimentId'),
  experimentRuns: listOf('ExperimentRun'),
} satisfies QueryResolvers;

export const Experiment = {
  ...registryFields('Experiment', ofContext),
  runs: nested('ExperimentRun', { of: 'childrenOfContexts' }),
  bestRun,
} satisfies ExperimentResolvers;

export const ExperimentRun = {
  ...registryFields('ExperimentRun', ofContext),
  ...MEMBERS,
  experimentId: ownerIdOf('ExperimentRun'),
  experiment: ownerOfContext('ExperimentRun', 'Experiment'),
  metricHistory,
} satisfies ExperimentRunResolvers;

export const ExperimentConnection = registryConnection() satisfies ExperimentConnectionResolvers;
export const ExperimentEdge = registryEdge() satisfies ExperimentEdgeResolvers;
export const ExperimentRunConnection = registryConnection() satisfies ExperimentRunConnectionResolvers;
export const ExperimentRunEdge = registryEdge() satisfies ExperimentRunEdgeResolvers;

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
