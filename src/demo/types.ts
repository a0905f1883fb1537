import { REGISTRY_TYPES } from '../domain/registry-types.ts';
import {
  ArtifactType_SystemDefinedBaseType as ArtifactBase,
  ExecutionType_SystemDefinedBaseType as ExecutionBase,
  PropertyType,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { PutTypesRequest } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';

/** The properties that a type declares, by the kind of their values. */
type Declared = Readonly<Partial<Record<'STRING' | 'INT', readonly string[]>>>;

interface TypeRow<Base> {
  readonly name: string;
  readonly declares: Declared;
  readonly base?: Base;
  readonly description?: string;
}

const CONTEXT_TYPES: readonly TypeRow<never>[] = [
  { name: 'pipeline', declares: { STRING: ['pipeline_name'] } },
  { name: 'run', declares: { STRING: ['pipeline_name', 'run_id'] } },
];

const ARTIFACT_TYPES: readonly TypeRow<ArtifactBase>[] = [
  {
    name: 'Examples',
    declares: { STRING: ['split_names'], INT: ['span', 'version'] },
    base: ArtifactBase.DATASET,
    description: 'Labelled examples, in splits.',
  },
  { name: 'Schema', declares: {}, description: 'What the features of examples may be.' },
  { name: 'TransformGraph', declares: {}, description: 'How raw features become what a model is trained on.' },
  { name: 'Model', declares: {}, base: ArtifactBase.MODEL, description: 'A checkpoint that a trainer wrote.' },
  {
    name: 'Metrics',
    declares: {},
    base: ArtifactBase.METRICS,
    description: 'What a trainer measured, as custom properties.',
  },
  { name: 'ModelEvaluation', declares: {}, base: ArtifactBase.METRICS, description: 'Metrics by slice of the data.' },
  { name: 'PushedModel', declares: {}, base: ArtifactBase.MODEL, description: 'A model where servers load it from.' },
];

const STEP: Declared = { STRING: ['component_id', 'pipeline_name', 'run_id'] };

const EXECUTION_TYPES: readonly TypeRow<ExecutionBase>[] = [
  { name: 'ExampleGen', declares: STEP, base: ExecutionBase.PROCESS, description: 'Brings a dataset in.' },
  {
    name: 'ExampleValidator',
    declares: STEP,
    base: ExecutionBase.PROCESS,
    description: 'Finds a schema and anomalies.',
  },
  { name: 'Transform', declares: STEP, base: ExecutionBase.TRANSFORM, description: 'Makes features of examples.' },
  { name: 'Trainer', declares: STEP, base: ExecutionBase.TRAIN, description: 'Trains and registers a model.' },
  { name: 'Evaluator', declares: STEP, base: ExecutionBase.EVALUATE, description: 'Measures a model on a dataset.' },
  {
    name: 'Pusher',
    declares: STEP,
    base: ExecutionBase.DEPLOY,
    description: 'Puts a model where servers load it from.',
  },
];

/** All types of the demonstration: the registry's, and those of pipelines. */
export const DEMO_TYPES: PutTypesRequest = {
  contextTypes: [...REGISTRY_TYPES.contextTypes, ...CONTEXT_TYPES.map(toType)],
  artifactTypes: [
    ...REGISTRY_TYPES.artifactTypes,
    ...ARTIFACT_TYPES.map((row) => ({ ...toType(row), baseType: row.base })),
  ],
  executionTypes: [
    ...REGISTRY_TYPES.executionTypes,
    ...EXECUTION_TYPES.map((row) => ({ ...toType(row), baseType: row.base })),
  ],
};

function toType({ name, declares, description }: TypeRow<unknown>) {
  const { STRING = [], INT = [] } = declares;
  const properties = new Map<string, PropertyType>([
    ...STRING.map((property) => [property, PropertyType.STRING] as const),
    ...INT.map((property) => [property, PropertyType.INT] as const),
  ]);
  return { name, description, properties };
}
