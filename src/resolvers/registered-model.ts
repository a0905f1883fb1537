import type {
  MutationResolvers,
  QueryResolvers,
  RegisteredModelConnectionResolvers,
  RegisteredModelEdgeResolvers,
  RegisteredModelResolvers,
} from '../generated/graphql.ts';

import { contextBy } from './rows/find-row.ts';
import { mutationsOf } from './rows/mutations.ts';
import { newestVersion } from './rows/newest-version.ts';
import { ofContext } from './rows/node-fields.ts';
import { registryFields } from './rows/registry-fields.ts';
import { listOf, nested, registryConnection, registryEdge } from './rows/registry-lists.ts';

export const Query = {
  registeredModel: contextBy('RegisteredModel'),
  registeredModels: listOf('RegisteredModel'),
} satisfies QueryResolvers;

export const RegisteredModel = {
  ...registryFields('RegisteredModel', ofContext),
  versions: nested('ModelVersion', { of: 'childrenOfContexts' }),
  latestVersion: ({ id = 0n }, _arguments, context) => newestVersion(id, context),
  inferenceServices: nested('InferenceService', { of: 'contextsByInt', field: 'registeredModelId' }),
} satisfies RegisteredModelResolvers;

export const RegisteredModelConnection = registryConnection() satisfies RegisteredModelConnectionResolvers;
export const RegisteredModelEdge = registryEdge() satisfies RegisteredModelEdgeResolvers;

export const Mutation = {
  ...mutationsOf('RegisteredModel'),
} satisfies MutationResolvers;
