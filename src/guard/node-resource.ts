import type { Resource } from '../auth/permission.ts';
import { REGISTRY_KINDS, type RegistryKindName, type RegistryNode, registryKindOf } from '../domain/registry-kinds.ts';

/** The noun of rights of each kind of the registry. */
const OF_KIND: Readonly<Record<RegistryKindName, Resource>> = {
  RegisteredModel: 'registeredmodels',
  ModelVersion: 'modelversions',
  ModelArtifact: 'artifacts',
  DocArtifact: 'artifacts',
  DataSet: 'artifacts',
  Metric: 'artifacts',
  Parameter: 'artifacts',
  Experiment: 'experiments',
  ExperimentRun: 'experimentruns',
  ServingEnvironment: 'servingenvironments',
  InferenceService: 'inferenceservices',
  ServeModel: 'inferenceservices',
};

/** The noun of all other nodes. */
const OF_NODE: Readonly<Record<RegistryNode, Resource>> = {
  Artifact: 'artifacts',
  Execution: 'executions',
  Context: 'contexts',
};

/** By which noun the rights to a node go: that of the registry's kind, by the sort and the name of its type, else MLMD's. */
export function resourceOf(node: RegistryNode, type: string | undefined): Resource {
  const kind = registryKindOf({ type });
  return kind && REGISTRY_KINDS[kind].node === node ? OF_KIND[kind] : OF_NODE[node];
}

/** The nouns that nodes of this sort can have. */
export const RESOURCES_OF: Readonly<Record<RegistryNode, readonly Resource[]>> = {
  Artifact: ['artifacts'],
  Execution: ['executions', 'inferenceservices'],
  Context: [
    'contexts',
    'registeredmodels',
    'modelversions',
    'experiments',
    'experimentruns',
    'servingenvironments',
    'inferenceservices',
  ],
};
