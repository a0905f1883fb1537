import { toLoggedName } from '../domain/metric-history.ts';
import type {
  MetricConnectionResolvers,
  MetricEdgeResolvers,
  MetricResolvers,
  MutationResolvers,
  ParameterConnectionResolvers,
  ParameterEdgeResolvers,
  ParameterResolvers,
  QueryResolvers,
} from '../generated/graphql.ts';
import { createRow } from '../registry/create.ts';
import { logRun } from '../registry/log-run.ts';
import { payload } from '../registry/row-change.ts';
import { archiveRow, updateRow } from '../registry/update.ts';

import { artifactBy } from './rows/find-row.ts';
import { metricHistoryOfAll } from './rows/metric-history.ts';
import { artifactFields } from './rows/registry-artifact.ts';
import { listOf, registryConnection, registryEdge } from './rows/registry-lists.ts';

export const Query = {
  metric: artifactBy('Metric'),
  metrics: listOf('Metric'),
  parameter: artifactBy('Parameter'),
  parameters: listOf('Parameter'),
  metricHistory: metricHistoryOfAll,
} satisfies QueryResolvers;

export const Metric = {
  ...artifactFields('Metric'),
  name: (row) => toLoggedName(row) ?? null,
} satisfies MetricResolvers;

export const Parameter = artifactFields('Parameter') satisfies ParameterResolvers;

export const MetricConnection = registryConnection() satisfies MetricConnectionResolvers;
export const MetricEdge = registryEdge() satisfies MetricEdgeResolvers;
export const ParameterConnection = registryConnection() satisfies ParameterConnectionResolvers;
export const ParameterEdge = registryEdge() satisfies ParameterEdgeResolvers;

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
