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

import { bestRun } from './rows/best-run.ts';
import { contextBy } from './rows/find-row.ts';
import { MEMBERS } from './rows/members-of.ts';
import { metricHistory } from './rows/metric-history.ts';
import { mutationsOf } from './rows/mutations.ts';
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
  experimentId: ownerIdOf('ExperimentRun', 'Experiment'),
  experiment: ownerOfContext('ExperimentRun', 'Experiment'),
  metricHistory,
} satisfies ExperimentRunResolvers;

export const ExperimentConnection = registryConnection() satisfies ExperimentConnectionResolvers;
export const ExperimentEdge = registryEdge() satisfies ExperimentEdgeResolvers;
export const ExperimentRunConnection = registryConnection() satisfies ExperimentRunConnectionResolvers;
export const ExperimentRunEdge = registryEdge() satisfies ExperimentRunEdgeResolvers;

export const Mutation = {
  ...mutationsOf('Experiment'),
  ...mutationsOf('ExperimentRun'),
} satisfies MutationResolvers;
