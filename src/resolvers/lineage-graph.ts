import type {
  ArtifactResolvers,
  ContextResolvers,
  DataSetResolvers,
  DocArtifactResolvers,
  ExecutionResolvers,
  ExperimentResolvers,
  ExperimentRunResolvers,
  InferenceServiceResolvers,
  LineageEdgeResolvers,
  LineageNodeResolvers,
  LineageResolvers,
  MetricResolvers,
  ModelArtifactResolvers,
  ModelVersionResolvers,
  ParameterResolvers,
  QueryResolvers,
  RegisteredModelResolvers,
  ServeModelResolvers,
  ServingEnvironmentResolvers,
} from '../generated/graphql.ts';
import { fidelityOf } from '../lineage/fidelity.ts';
import { lineagePage } from '../lineage/lineage.ts';
import { LINEAGE_FIELDS, lineageEnd, lineageNodes, lineageType } from './rows/lineage-nodes.ts';

export const Query = {
  lineage: (_root, args, context) => lineagePage(context, args),
} satisfies QueryResolvers;

export const Lineage = {
  nodes: ({ nodes, asOf }, _arguments, context, info) => lineageNodes(nodes, context, info, asOf),
  edges: ({ edges, asOf }) => (asOf === undefined ? edges : edges.map((link) => ({ ...link, asOf }))),
  fidelity: (page, _arguments, context) => fidelityOf(context, page),
} satisfies LineageResolvers;

export const LineageEdge = {
  from: ({ from, asOf }, _arguments, context, info) => lineageEnd(from, context, info, asOf),
  to: ({ to, asOf }, _arguments, context, info) => lineageEnd(to, context, info, asOf),
  event: ({ event }) => event ?? null,
} satisfies LineageEdgeResolvers;

export const LineageNode = {
  __resolveType: lineageType,
} satisfies LineageNodeResolvers;

export const Artifact = LINEAGE_FIELDS satisfies ArtifactResolvers;
export const ModelArtifact = LINEAGE_FIELDS satisfies ModelArtifactResolvers;
export const DocArtifact = LINEAGE_FIELDS satisfies DocArtifactResolvers;
export const DataSet = LINEAGE_FIELDS satisfies DataSetResolvers;
export const Metric = LINEAGE_FIELDS satisfies MetricResolvers;
export const Parameter = LINEAGE_FIELDS satisfies ParameterResolvers;
export const Execution = LINEAGE_FIELDS satisfies ExecutionResolvers;
export const ServeModel = LINEAGE_FIELDS satisfies ServeModelResolvers;
export const Context = LINEAGE_FIELDS satisfies ContextResolvers;
export const RegisteredModel = LINEAGE_FIELDS satisfies RegisteredModelResolvers;
export const ModelVersion = LINEAGE_FIELDS satisfies ModelVersionResolvers;
export const Experiment = LINEAGE_FIELDS satisfies ExperimentResolvers;
export const ExperimentRun = LINEAGE_FIELDS satisfies ExperimentRunResolvers;
export const ServingEnvironment = LINEAGE_FIELDS satisfies ServingEnvironmentResolvers;
export const InferenceService = LINEAGE_FIELDS satisfies InferenceServiceResolvers;
