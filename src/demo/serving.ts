import { Execution_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { DemoContext, DemoExecution, DemoGraph, PlainValues } from './graph.ts';
import { WHISPER } from './language-models.ts';
import { modelArtifactKey, versionKey } from './model.ts';
import { BERT_SST2, DISTILBERT_SST2 } from './sst2-models.ts';
import { storyTime } from './time.ts';
import { RESNET_50, YOLOV8 } from './vision-models.ts';

interface Environment {
  readonly name: string;
  readonly description: string;
  readonly customProperties: PlainValues;
  readonly services: readonly Service[];
}

interface Service {
  readonly name: string;
  readonly description: string;
  readonly model: string;
  readonly runtime: string;
  readonly desiredState: 'DEPLOYED' | 'UNDEPLOYED';
  readonly customProperties?: PlainValues;
  /** One after the other; the last one is the version that is wanted. */
  readonly deployments: readonly Deployment[];
}

interface Deployment {
  readonly version: string;
  readonly day: number;
  readonly state: Execution_State;
}

const { NEW, RUNNING, COMPLETE, CANCELED } = Execution_State;

const ENVIRONMENTS: readonly Environment[] = [
  {
    name: 'staging',
    description: 'Where new versions show what they can do.',
    customProperties: { region: 'eu-west-1', stage: 'staging', device: 'cpu', nodes: 2n, on_demand: true },
    services: [
      {
        name: 'sentiment',
        description: 'The teacher, to compare its answers with.',
        model: BERT_SST2.name,
        runtime: 'triton',
        desiredState: 'DEPLOYED',
        deployments: [
          { version: 'v2', day: 16, state: COMPLETE },
          { version: 'v3', day: 19, state: RUNNING },
        ],
      },
      {
        name: 'object-detector',
        description: 'On trial for the warehouse cameras.',
        model: YOLOV8.name,
        runtime: 'torchserve',
        desiredState: 'DEPLOYED',
        deployments: [{ version: '8m', day: 38, state: NEW }],
      },
      {
        name: 'transcription',
        description: 'Replaced by production.',
        model: WHISPER.name,
        runtime: 'kserve-huggingface',
        desiredState: 'UNDEPLOYED',
        deployments: [{ version: 'base', day: 20, state: CANCELED }],
      },
    ],
  },
  {
    name: 'production',
    description: 'What customers reach.',
    customProperties: { region: 'us-east-1', stage: 'production', device: 'gpu', nodes: 12n, on_demand: false },
    services: [
      {
        name: 'sentiment',
        description: 'Sorts the reviews of the shop.',
        model: DISTILBERT_SST2.name,
        runtime: 'triton',
        desiredState: 'DEPLOYED',
        customProperties: { replicas: 4n, autoscale: { min: 2, max: 8, target_latency_ms: 40 } },
        deployments: [
          { version: 'v2', day: 30, state: COMPLETE },
          { version: 'v3', day: 37, state: RUNNING },
        ],
      },
      {
        name: 'image-classifier',
        description: 'Tags uploaded photographs.',
        model: RESNET_50.name,
        runtime: 'torchserve',
        desiredState: 'DEPLOYED',
        customProperties: { replicas: 2n },
        deployments: [{ version: 'imagenet1k-v2', day: 14, state: RUNNING }],
      },
      {
        name: 'transcription',
        description: 'Subtitles for recorded calls.',
        model: WHISPER.name,
        runtime: 'kserve-huggingface',
        desiredState: 'DEPLOYED',
        customProperties: { replicas: 3n },
        deployments: [{ version: 'small', day: 24, state: RUNNING }],
      },
    ],
  },
];

/** The serving environments, their inference services and all deployments, each of which reads a model artifact. */
export function servingGraph(): DemoGraph {
  const services = ENVIRONMENTS.flatMap(({ name, services }) => services.map((service) => ({ name, service })));
  return {
    contexts: [...ENVIRONMENTS.map(toEnvironment), ...services.map(({ name, service }) => toService(name, service))],
    artifacts: [],
    executions: services.flatMap(({ name, service }) =>
      service.deployments.map((deployment) => toServeModel(name, service, deployment)),
    ),
  };
}

function toEnvironment({ name, description, customProperties }: Environment): DemoContext {
  return { key: name, type: 'kf.ServingEnvironment', name, properties: { description }, customProperties };
}

function toService(environment: string, service: Service): DemoContext {
  const { name, description, model, runtime, desiredState, customProperties = {}, deployments } = service;
  const wanted = deployments.at(-1);
  return {
    key: `${environment}/${name}`,
    type: 'kf.InferenceService',
    name,
    owner: environment,
    properties: { description, runtime, desired_state: desiredState },
    references: {
      serving_environment_id: environment,
      registered_model_id: model,
      ...(wanted ? { model_version_id: versionKey(model, wanted.version) } : {}),
    },
    customProperties,
  };
}

function toServeModel(
  environment: string,
  { name, model }: Service,
  { version, day, state }: Deployment,
): DemoExecution {
  const key = versionKey(model, version);
  const time = storyTime(day, 10 * 60);
  return {
    key: `${environment}/${name}/${version}`,
    type: 'kf.ServeModel',
    name: `${name}-${version}`,
    owner: `${environment}/${name}`,
    state,
    inputs: { model: [modelArtifactKey(key)] },
    outputs: {},
    start: time,
    end: time,
    properties: { description: `${model} ${version} in ${environment}.` },
    references: { model_version_id: key },
  };
}
