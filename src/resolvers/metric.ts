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
import { logRun } from '../registry/log-run.ts';

import { artifactBy } from './rows/find-row.ts';
import { metricHistoryOfAll } from './rows/metric-history.ts';
import { mutationsOf } from './rows/mutations.ts';
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
  ...mutationsOf('Metric'),
  ...mutationsOf('Parameter'),
  logRun: (_root, { input }, context) => logRun(context, input),
} satisfies MutationResolvers;
