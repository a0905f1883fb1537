import {
  ArtifactType_SystemDefinedBaseType as ArtifactBase,
  ExecutionType_SystemDefinedBaseType as ExecutionBase,
  PropertyType,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { PutTypesRequest } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';

/** The properties that a type declares, by the kind of their values. */
type Declared = Readonly<Partial<Record<'STRING' | 'INT' | 'DOUBLE' | 'STRUCT', readonly string[]>>>;

interface TypeRow<Base> {
  readonly name: string;
  readonly declares: Declared;
  readonly base?: Base;
  readonly description?: string;
}

const CONTEXT_TYPES: readonly TypeRow<never>[] = [
  {
    name: 'kf.RegisteredModel',
    declares: {
      STRING: [
        ...['description', 'library_name', 'license', 'license_link', 'logo'],
        ...['maturity', 'owner', 'provider', 'readme', 'state'],
      ],
      STRUCT: ['language', 'tasks'],
    },
  },
  { name: 'kf.ModelVersion', declares: { STRING: ['author', 'description', 'model_name', 'state', 'version'] } },
  { name: 'kf.ServingEnvironment', declares: { STRING: ['description'] } },
  {
    name: 'kf.InferenceService',
    declares: {
      STRING: ['description', 'desired_state', 'runtime'],
      INT: ['model_version_id', 'registered_model_id', 'serving_environment_id'],
    },
  },
  { name: 'kf.Experiment', declares: { STRING: ['description', 'owner', 'state'] } },
  {
    name: 'kf.ExperimentRun',
    declares: {
      STRING: ['description', 'end_time_since_epoch', 'owner', 'start_time_since_epoch', 'state', 'status'],
    },
  },
  { name: 'pipeline', declares: { STRING: ['pipeline_name'] } },
  { name: 'run', declares: { STRING: ['pipeline_name', 'run_id'] } },
];

const MEASURE: Declared = { STRING: ['description', 'timestamp'], INT: ['step'], DOUBLE: ['value'] };

const ARTIFACT_TYPES: readonly TypeRow<ArtifactBase>[] = [
  {
    name: 'kf.ModelArtifact',
    declares: {
      STRING: [
        ...['description', 'model_format_name', 'model_format_version', 'model_source_class', 'model_source_group'],
        ...['model_source_id', 'model_source_kind', 'model_source_name'],
        ...['service_account_name', 'storage_key', 'storage_path'],
      ],
    },
  },
  { name: 'kf.DocArtifact', declares: { STRING: ['description'] } },
  {
    name: 'kf.DataSet',
    declares: { STRING: ['description', 'digest', 'profile', 'schema', 'source', 'source_type'] },
  },
  { name: 'kf.Metric', declares: MEASURE },
  { name: 'kf.MetricHistory', declares: MEASURE },
  { name: 'kf.Parameter', declares: { STRING: ['description', 'parameter_type', 'value'] } },
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
  { name: 'kf.ServeModel', declares: { STRING: ['description'], INT: ['model_version_id'] } },
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

/** All types of the demonstration; `kf.*` as the Kubeflow Model Registry registers them. */
export const DEMO_TYPES: PutTypesRequest = {
  contextTypes: CONTEXT_TYPES.map(toType),
  artifactTypes: ARTIFACT_TYPES.map((row) => ({ ...toType(row), baseType: row.base })),
  executionTypes: EXECUTION_TYPES.map((row) => ({ ...toType(row), baseType: row.base })),
};

function toType({ name, declares, description }: TypeRow<unknown>) {
  const { STRING = [], INT = [], DOUBLE = [], STRUCT = [] } = declares;
  const properties = new Map<string, PropertyType>([
    ...STRING.map((property) => [property, PropertyType.STRING] as const),
    ...INT.map((property) => [property, PropertyType.INT] as const),
    ...DOUBLE.map((property) => [property, PropertyType.DOUBLE] as const),
    ...STRUCT.map((property) => [property, PropertyType.STRUCT] as const),
  ]);
  return { name, description, properties };
}
