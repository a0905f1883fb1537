import { Event_Type, Execution_State } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { type Step, step } from '../differential/step.ts';
import { plain, values } from '../write-steps/step.ts';

const { COMPLETE, RUNNING, CACHED } = Execution_State;

/** The ids that a new store gives: types from 10 on, nodes from 1 on. */
const PIPELINE = 10n;
const RUN = 11n;
const DAG = 12n;
const CONTAINER = 13n;
const DATASET = 14n;

const pipeline = { ...plain, id: 1n, typeId: PIPELINE, name: 'my-pipeline' };
const run = { ...plain, id: 2n, typeId: RUN, name: '5c9c2c5e-run' };
const text = (stringValue: string) => ({ stringValue });

/** client.go GetPipeline, getOrInsertContext: the type, the context; where it is there already, look it up. */
const context = (typeName: string, typeId: bigint, name: string) => [
  step('putContextType', { contextType: { name: typeName, properties: new Map() } }),
  step('putContexts', {
    contexts: [
      {
        ...plain,
        typeId,
        name,
        customProperties: values({
          namespace: text('kubeflow'),
          resource_name: text('run-resource'),
          pipeline_root: text('minio://b/v2'),
        }),
      },
    ],
  }),
  step('getContextByTypeAndName', { typeName, contextName: name }),
];

const family = step('putParentContexts', { parentContexts: [{ childId: 2n, parentId: 1n }] });

const taskProperties = (name: string, more: Parameters<typeof values>[0] = {}) =>
  values({
    display_name: text(name),
    task_name: text(name),
    namespace: text('kubeflow'),
    pod_name: text(''),
    inputs: { structValue: { rows: 100, path: 's3://bucket/é', flags: [true, null] } },
    ...more,
  });

const outputs = { structValue: { accuracy: 0.75 } };

/** What the drivers and launchers of KFP 2 call for a pipeline of two tasks: written after backend/src/v2/metadata/client.go. */
export const KFP_STEPS: readonly Step[] = [
  // The root driver
  ...context('system.Pipeline', PIPELINE, 'my-pipeline'),
  ...context('system.PipelineRun', RUN, '5c9c2c5e-run'),
  family,
  step('putExecutionType', { executionType: { name: 'system.DAGExecution', properties: new Map() } }),
  step('putExecution', {
    execution: {
      ...plain,
      typeId: DAG,
      name: 'run/5c9c2c5e-run',
      lastKnownState: RUNNING,
      customProperties: taskProperties('root'),
    },
    artifactEventPairs: [],
    contexts: [pipeline, run],
  }),
  // The driver of the first task: the pipeline is there already
  ...context('system.Pipeline', PIPELINE, 'my-pipeline'),
  ...context('system.PipelineRun', RUN, '5c9c2c5e-run'),
  family,
  step('getExecutionsById', { executionIds: [1n] }),
  step('getExecutionsByContext', { contextId: 2n, options: { maxResultSize: 50, filterQuery: 'id > 1' } }),
  step('putExecutionType', { executionType: { name: 'system.ContainerExecution', properties: new Map() } }),
  step('putExecution', {
    execution: {
      ...plain,
      typeId: CONTAINER,
      lastKnownState: RUNNING,
      customProperties: taskProperties('make-data', {
        parent_dag_id: { intValue: 1n },
        image: text('python:3.11'),
        cache_fingerprint: text('a5f1b3'),
      }),
    },
    artifactEventPairs: [],
    contexts: [pipeline, run],
  }),
  // Its launcher: PrePublishExecution, RecordArtifact, PublishExecution
  step('getExecutionsById', { executionIds: [2n] }),
  step('putExecution', {
    execution: {
      ...plain,
      id: 2n,
      typeId: CONTAINER,
      lastKnownState: RUNNING,
      customProperties: taskProperties('make-data', {
        parent_dag_id: { intValue: 1n },
        image: text('python:3.11'),
        cache_fingerprint: text('a5f1b3'),
        pod_name: text('make-data-7c8d'),
        pod_uid: text('d3b0'),
      }),
    },
    artifactEventPairs: [],
    contexts: [],
  }),
  step('getArtifactType', { typeName: 'system.Dataset', typeVersion: '0.0.1' }),
  step('putArtifactType', { artifactType: { name: 'system.Dataset', properties: new Map() } }),
  step('putArtifacts', {
    artifacts: [
      {
        ...plain,
        typeId: DATASET,
        uri: 'minio://b/v2/make-data/data',
        state: 2,
        customProperties: values({ display_name: text('data'), rows: { doubleValue: 100 } }),
      },
    ],
  }),
  step('getArtifactsById', { artifactIds: [1n] }),
  step('putExecution', {
    execution: {
      ...plain,
      id: 2n,
      typeId: CONTAINER,
      lastKnownState: COMPLETE,
      customProperties: taskProperties('make-data', { parent_dag_id: { intValue: 1n }, outputs }),
    },
    artifactEventPairs: [
      { event: { artifactId: 1n, executionId: 2n, type: Event_Type.OUTPUT, path: { steps: [{ key: 'data' }] } } },
    ],
    contexts: [],
  }),
  // The driver of the second task looks for the outputs of the first
  step('getExecutionsByContext', { contextId: 2n, options: { maxResultSize: 50, filterQuery: 'id IN (2)' } }),
  step('getEventsByExecutionIDs', { executionIds: [2n] }),
  step('getArtifactsById', { artifactIds: [1n] }),
  step('getArtifactTypes', {}),
  step('putExecution', {
    execution: {
      ...plain,
      typeId: CONTAINER,
      lastKnownState: CACHED,
      customProperties: taskProperties('train', {
        parent_dag_id: { intValue: 1n },
        cached_execution_id: text('17'),
        cache_fingerprint: text('77e0'),
      }),
    },
    artifactEventPairs: [
      { event: { artifactId: 1n, type: Event_Type.INPUT, path: { steps: [{ key: 'data' }] } } },
      {
        artifact: { ...plain, typeId: DATASET, uri: 'minio://b/v2/train/model', externalId: 'model-of-run', state: 2 },
        event: { type: Event_Type.OUTPUT, path: { steps: [{ key: 'model' }, { index: 0n }] } },
      },
    ],
    contexts: [pipeline, run],
  }),
  // The root again: UpdateDAGExecutionsState
  step('getExecutionsByContext', { contextId: 2n, options: { maxResultSize: 2 } }),
  step('getExecutionsById', { executionIds: [1n] }),
  step('putExecution', {
    execution: {
      ...plain,
      id: 1n,
      lastKnownState: COMPLETE,
      customProperties: taskProperties('root', { total_dag_tasks: { intValue: 2n } }),
    },
    artifactEventPairs: [],
    contexts: [],
  }),
  // The user interface
  step('getContextByTypeAndName', { typeName: 'system.PipelineRun', contextName: '5c9c2c5e-run' }),
  step('getArtifactsByContext', { contextId: 2n }),
  step('getArtifacts', {
    options: { maxResultSize: 20, orderByField: { field: 1, isAsc: false }, filterQuery: 'contexts_a.id = 2' },
  }),
  step('getEventsByArtifactIDs', { artifactIds: [1n, 2n] }),
  step('getContextsByExecution', { executionId: 3n }),
  step('getContexts', { options: { filterQuery: 'name = "my-pipeline"' } }),
  step('getLineageSubgraph', {
    lineageSubgraphQueryOptions: {
      startingExecutions: { filterQuery: 'contexts_a.id = 2 AND id = 3' },
      maxNumHops: 4n,
      direction: 1,
    },
    readMask: ['artifacts', 'executions', 'events'],
  }),
];
