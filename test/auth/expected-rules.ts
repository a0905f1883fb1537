import type { Permission, Resource, Verb } from '../../src/auth/permission.ts';

/** The nouns of rights by the names of GraphQL's types: written down once more, so that a slip in the schema shows. */
const RESOURCES: Readonly<Record<string, Resource>> = {
  RegisteredModel: 'registeredmodels',
  ModelVersion: 'modelversions',
  ModelArtifact: 'artifacts',
  DocArtifact: 'artifacts',
  DataSet: 'artifacts',
  Metric: 'artifacts',
  Parameter: 'artifacts',
  RegistryArtifact: 'artifacts',
  Artifact: 'artifacts',
  Execution: 'executions',
  Context: 'contexts',
  Experiment: 'experiments',
  ExperimentRun: 'experimentruns',
  ServingEnvironment: 'servingenvironments',
  InferenceService: 'inferenceservices',
  ServeModel: 'inferenceservices',
  ArtifactType: 'types',
  ExecutionType: 'types',
  ContextType: 'types',
  AuditLine: 'auditlog',
};

const VERBS: Readonly<Record<string, Verb>> = {
  create: 'create',
  upsert: 'create',
  record: 'create',
  update: 'update',
  log: 'update',
  archive: 'archive',
  restore: 'archive',
};

/** Mutations whose names do not say what they write. */
const SPECIAL: Readonly<Record<string, Resource>> = {
  recordExecution: 'executions',
  logRun: 'experimentruns',
  upsertArtifact: 'artifacts',
};

/** The nouns of rights of a GraphQL type; undefined for one that is no node of one sort. */
export function resourceOfType(type: string): Resource | undefined {
  return RESOURCES[type];
}

/** The right that a field has to need, by its names alone; undefined where each node decides, or nothing is shown. */
export function expectedRule(parent: string, field: string, type: string): Permission | undefined {
  if (parent === 'Mutation') return ofMutation(field);
  if (type === 'Node' || type === 'RegistryObject') return undefined;
  const connection = /^(.*?)(?:Event)?Connection$/.exec(type)?.[1];
  if (connection !== undefined) {
    const resource = RESOURCES[connection];
    return resource ? { verb: 'list', resource } : { verb: 'get', resource: 'lineage' };
  }
  const resource = RESOURCES[type];
  return { verb: 'get', resource: resource ?? 'lineage' };
}

function ofMutation(field: string): Permission | undefined {
  const [, word = '', noun = ''] = /^([a-z]+)(\w+)$/.exec(field) ?? [];
  const verb = VERBS[word];
  const resource = SPECIAL[field] ?? RESOURCES[noun];
  return verb && resource && { verb, resource };
}
