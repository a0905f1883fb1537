import { expect } from 'vitest';

import { ask } from './ask.ts';

const BASE = '/api/model_registry/v1alpha3';

/** The ids of the world's rows, by the parameters and members that name them. */
export const IDS: Readonly<Record<string, string>> = {
  ...{ registeredmodelId: '1', registeredModelId: '1', modelversionId: '2', modelVersionId: '2' },
  ...{ servingenvironmentId: '3', servingEnvironmentId: '3', inferenceserviceId: '4' },
  ...{ experimentId: '5', experimentrunId: '6' },
  ...{ id: '1', modelartifactId: '1' },
};

/** One row of each kind, each with the external id `ext-` and its resource, in the order of {@link IDS}. */
const ROWS: readonly (readonly [path: string, body: object])[] = [
  ['registered_models', { name: 'the model', externalId: 'ext-registered_model' }],
  ['model_versions', { name: 'the version', registeredModelId: '1', externalId: 'ext-model_version' }],
  ['serving_environments', { name: 'the environment', externalId: 'ext-serving_environment' }],
  [
    'inference_services',
    { name: 'the service', registeredModelId: '1', servingEnvironmentId: '3', externalId: 'ext-inference_service' },
  ],
  ['experiments', { name: 'the experiment', externalId: 'ext-experiment' }],
  ['experiment_runs', { name: 'the run', experimentId: '5', externalId: 'ext-experiment_run' }],
  ['model_artifacts', { name: 'the artifact', uri: 's3://a', externalId: 'ext-artifact' }],
  ['model_artifacts', { name: 'another artifact', uri: 's3://b', externalId: 'ext-model_artifact' }],
  ['inference_services/4/serves', { name: 'the deployment', modelVersionId: '2', externalId: 'taken' }],
  ['registered_models', { name: 'taken', externalId: 'taken' }],
  ['model_artifacts', { name: 'taken', externalId: 'taken' }],
];

/** Fills an empty registry with the world. */
export async function seed(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [path, body] of ROWS) {
    const { status, json } = await ask(url, 'POST', `${BASE}/${path}`, { body, headers });
    expect(status, JSON.stringify(json)).toBe(201);
  }
}
