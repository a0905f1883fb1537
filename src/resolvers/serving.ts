import type { Context } from '../context.ts';
import { fieldNamed, LIGHT } from '../domain/registry-fields.ts';
import type {
  InferenceServiceConnectionResolvers,
  InferenceServiceEdgeResolvers,
  InferenceServiceResolvers,
  MutationResolvers,
  QueryResolvers,
  ServeModelConnectionResolvers,
  ServeModelEdgeResolvers,
  ServeModelResolvers,
  ServingEnvironmentConnectionResolvers,
  ServingEnvironmentEdgeResolvers,
  ServingEnvironmentResolvers,
} from '../generated/graphql.ts';

import { contextBy, executionBy } from './rows/find-row.ts';
import { mutationsOf } from './rows/mutations.ts';
import { newestVersion } from './rows/newest-version.ts';
import { ofContext, ofExecution } from './rows/node-fields.ts';
import { ownerIdOf, ownerOfContext, ownerOfExecution } from './rows/owner.ts';
import { registryFields } from './rows/registry-fields.ts';
import { listOf, nested, registryConnection, registryEdge } from './rows/registry-lists.ts';

export const Query = {
  servingEnvironment: contextBy('ServingEnvironment'),
  servingEnvironments: listOf('ServingEnvironment'),
  inferenceService: contextBy('InferenceService', 'servingEnvironmentId'),
  inferenceServices: listOf('InferenceService'),
  serveModel: executionBy('ServeModel', 'inferenceServiceId'),
  serveModels: listOf('ServeModel'),
} satisfies QueryResolvers;

export const ServingEnvironment = {
  ...registryFields('ServingEnvironment', ofContext),
  inferenceServices: nested('InferenceService', { of: 'childrenOfContexts' }),
} satisfies ServingEnvironmentResolvers;

export const InferenceService = {
  ...registryFields('InferenceService', ofContext),
  servingEnvironmentId: ownerIdOf('InferenceService', 'ServingEnvironment'),
  servingEnvironment: ownerOfContext('InferenceService', 'ServingEnvironment'),
  async registeredModel(service, _arguments, context) {
    const { modelId } = await servedBy(service, context);
    return modelId === undefined ? null : context.loaders.registered.context('RegisteredModel', modelId);
  },
  async modelVersion(service, _arguments, context) {
    const { modelId, versionId } = await servedBy(service, context);
    if (versionId !== undefined) return context.loaders.registered.context('ModelVersion', versionId);
    return modelId === undefined ? null : newestVersion(modelId, context);
  },
  serves: nested('ServeModel', { of: 'executionsOfContexts' }),
} satisfies InferenceServiceResolvers;

type Service = Parameters<typeof ofContext>[1];

/** The ids of the model and of the version that a service names. */
async function servedBy(service: Service, context: Context) {
  const loaded = await ofContext(context, service, LIGHT.Context);
  return {
    modelId: toId(fieldNamed('InferenceService', 'registeredModelId', loaded)),
    versionId: toId(fieldNamed('InferenceService', 'modelVersionId', loaded)),
  };
}

function toId(value: ReturnType<typeof fieldNamed>): bigint | undefined {
  return typeof value === 'string' ? BigInt(value) : undefined;
}

export const ServeModel = {
  ...registryFields('ServeModel', ofExecution),
  async modelVersion(deployment, _arguments, context) {
    const loaded = await ofExecution(context, deployment, LIGHT.Execution);
    const id = toId(fieldNamed('ServeModel', 'modelVersionId', loaded));
    return id === undefined ? null : context.loaders.registered.context('ModelVersion', id);
  },
  inferenceService: ownerOfExecution('ServeModel', 'InferenceService'),
} satisfies ServeModelResolvers;

export const ServingEnvironmentConnection = registryConnection() satisfies ServingEnvironmentConnectionResolvers;
export const ServingEnvironmentEdge = registryEdge() satisfies ServingEnvironmentEdgeResolvers;
export const InferenceServiceConnection = registryConnection() satisfies InferenceServiceConnectionResolvers;
export const InferenceServiceEdge = registryEdge() satisfies InferenceServiceEdgeResolvers;
export const ServeModelConnection = registryConnection() satisfies ServeModelConnectionResolvers;
export const ServeModelEdge = registryEdge() satisfies ServeModelEdgeResolvers;

export const Mutation = {
  ...mutationsOf('ServingEnvironment'),
  ...mutationsOf('InferenceService'),
  ...mutationsOf('ServeModel'),
} satisfies MutationResolvers;
