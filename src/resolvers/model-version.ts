import type {
  ModelVersionConnectionResolvers,
  ModelVersionEdgeResolvers,
  ModelVersionResolvers,
  MutationResolvers,
  QueryResolvers,
} from '../generated/graphql.ts';

import { contextBy } from './rows/find-row.ts';
import { MEMBERS } from './rows/members-of.ts';
import { mutationsOf } from './rows/mutations.ts';
import { ofContext } from './rows/node-fields.ts';
import { ownerIdOf, ownerOfContext } from './rows/owner.ts';
import { registryFields } from './rows/registry-fields.ts';
import { listOf, nested, registryConnection, registryEdge } from './rows/registry-lists.ts';

export const Query = {
  modelVersion: contextBy('ModelVersion', 'registeredModelId'),
  modelVersions: listOf('ModelVersion'),
} satisfies QueryResolvers;

export const ModelVersion = {
  ...registryFields('ModelVersion', ofContext),
  ...MEMBERS,
  registeredModelId: ownerIdOf('ModelVersion', 'RegisteredModel'),
  registeredModel: ownerOfContext('ModelVersion', 'RegisteredModel'),
  inferenceServices: nested('InferenceService', { of: 'contextsByInt', field: 'modelVersionId' }),
  serves: nested('ServeModel', { of: 'executionsByInt', field: 'modelVersionId' }),
} satisfies ModelVersionResolvers;

export const ModelVersionConnection = registryConnection() satisfies ModelVersionConnectionResolvers;
export const ModelVersionEdge = registryEdge() satisfies ModelVersionEdgeResolvers;

export const Mutation = {
  ...mutationsOf('ModelVersion'),
} satisfies MutationResolvers;
