import { Event_Type, Execution_State } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { type Step, step } from '../differential/step.ts';
import { plain, values } from '../write-steps/step.ts';

const { COMPLETE, RUNNING, CACHED } = Execution_State;

/** The ids that a new store gives: types from 10 on, nodes from 1 on. */
const PIPELINE = 10n;
const RUN = 11n;
const NODE = 12n;
const CACHE = 17n;

const contextType = (name: string) => [
  step('getContextType', { typeName: name }),
  step('putContextType', { contextType: { name, properties: new Map() }, canAddFields: true }),
];

/** context_lib.register_context_if_not_exists */
const context = (typeName: string, typeId: bigint, name: string) => [
  step('getContextByTypeAndName', { typeName, contextName: name }),
  step('putContexts', { contexts: [{ ...plain, typeId, name }] }),
];

const member = (typeId: bigint, name: string) => ({ ...plain, typeId, name });

const path = (key: string) => ({ steps: [{ key }, { index: 0n }] });

const split = values({ split_names: { stringValue: '["train", "eval"]' }, span: { intValue: 0n } });

/**
 * What a run of CsvExampleGen >> StatisticsGen, and a second one that finds its cache, calls: written after the sources of
 * TFX 1.14 (orchestration/portable/mlmd, execution_publish_utils, cache_utils).
 */
export const TFX_STEPS: readonly Step[] = [
  // context_lib.prepare_contexts
  ...contextType('pipeline'),
  ...contextType('pipeline_run'),
  ...contextType('node'),
  ...context('pipeline', PIPELINE, 'my-pipeline'),
  ...context('pipeline_run', RUN, '2024-02-19T12:00:00.000000'),
  ...context('node', NODE, 'my-pipeline.CsvExampleGen'),
  step('putParentContexts', {
    parentContexts: [
      { childId: 2n, parentId: 1n },
      { childId: 3n, parentId: 1n },
    ],
  }),
  // execution_lib.prepare_execution and execution_publish_utils.register_execution
  step('getExecutionType', { typeName: 'tfx.components.example_gen.csv_example_gen.component.CsvExampleGen' }),
  step('putExecutionType', {
    executionType: {
      name: 'tfx.components.example_gen.csv_example_gen.component.CsvExampleGen',
      properties: new Map(),
      baseType: 3,
    },
    canAddFields: true,
  }),
  step('putExecution', {
    execution: {
      ...plain,
      typeId: 13n,
      lastKnownState: RUNNING,
      customProperties: values({
        input_base: { stringValue: '/data' },
        output_config: { stringValue: '{\n  "split_config": {}\n}' },
        __execution_timestamp__: { stringValue: '2024-02-19T12:00:01' },
      }),
    },
    artifactEventPairs: [],
    contexts: [
      member(PIPELINE, 'my-pipeline'),
      member(RUN, '2024-02-19T12:00:00.000000'),
      member(NODE, 'my-pipeline.CsvExampleGen'),
    ],
    options: { reuseContextIfAlreadyExist: true, reuseArtifactIfAlreadyExistByExternalId: true },
  }),
  // publish_succeeded_execution: the type of the output, then everything at once
  step('getArtifactType', { typeName: 'Examples' }),
  step('putArtifactType', {
    artifactType: {
      name: 'Examples',
      properties: new Map([
        ['span', 1],
        ['version', 1],
        ['split_names', 3],
      ]),
      baseType: 1,
    },
    canAddFields: true,
  }),
  step('getExecutionsById', { executionIds: [1n] }),
  step('putExecution', {
    execution: { ...plain, id: 1n, typeId: 13n, lastKnownState: COMPLETE },
    artifactEventPairs: [
      {
        artifact: {
          ...plain,
          typeId: 14n,
          uri: '/pipeline/CsvExampleGen/examples/1',
          state: 2,
          properties: split,
          customProperties: values({ name: { stringValue: 'examples:2024' }, tfx_version: { stringValue: '1.14.0' } }),
        },
        event: { type: Event_Type.OUTPUT, path: path('examples') },
      },
    ],
    contexts: [
      member(PIPELINE, 'my-pipeline'),
      member(RUN, '2024-02-19T12:00:00.000000'),
      member(NODE, 'my-pipeline.CsvExampleGen'),
    ],
    options: { reuseContextIfAlreadyExist: true, reuseArtifactIfAlreadyExistByExternalId: true },
  }),
  // inputs_utils.resolve_input_artifacts of the next node: by contexts and types
  step('getContextByTypeAndName', { typeName: 'node', contextName: 'my-pipeline.CsvExampleGen' }),
  step('getExecutionsByContext', { contextId: 3n, options: { maxResultSize: 100 } }),
  step('getEventsByExecutionIDs', { executionIds: [1n] }),
  step('getArtifactsById', { artifactIds: [1n], populateArtifactTypes: true }),
  step('getArtifactTypesById', { typeIds: [14n] }),
  step('getArtifactsByContext', { contextId: 3n, options: { filterQuery: 'state = LIVE', maxResultSize: 100 } }),
  // StatisticsGen
  ...context('node', NODE, 'my-pipeline.StatisticsGen'),
  step('putExecutionType', {
    executionType: { name: 'tfx.components.statistics_gen.component.StatisticsGen', properties: new Map() },
    canAddFields: true,
  }),
  step('putExecution', {
    execution: { ...plain, typeId: 15n, lastKnownState: RUNNING },
    artifactEventPairs: [{ event: { artifactId: 1n, type: Event_Type.INPUT, path: path('examples') } }],
    contexts: [member(PIPELINE, 'my-pipeline'), member(NODE, 'my-pipeline.StatisticsGen')],
    options: { reuseContextIfAlreadyExist: true },
  }),
  // cache_lib.get_cached_outputs: no such cache yet
  step('putArtifactType', {
    artifactType: { name: 'ExampleStatistics', properties: new Map([['span', 1]]), baseType: 4 },
    canAddFields: true,
  }),
  step('putContextType', { contextType: { name: 'execution_cache', properties: new Map() }, canAddFields: true }),
  ...context('execution_cache', CACHE, '3b1c-fingerprint-of-inputs-and-properties'),
  step('getExecutionsByContext', { contextId: 5n }),
  step('putExecution', {
    execution: { ...plain, id: 2n, typeId: 15n, lastKnownState: COMPLETE },
    artifactEventPairs: [
      {
        artifact: { ...plain, typeId: 16n, uri: '/pipeline/StatisticsGen/statistics/2', state: 2 },
        event: { type: Event_Type.OUTPUT, path: path('statistics') },
      },
    ],
    contexts: [member(NODE, 'my-pipeline.StatisticsGen'), member(CACHE, '3b1c-fingerprint-of-inputs-and-properties')],
    options: { reuseContextIfAlreadyExist: true },
  }),
  // The second run finds it
  ...context('pipeline_run', RUN, '2024-02-20T12:00:00.000000'),
  step('getContextByTypeAndName', {
    typeName: 'execution_cache',
    contextName: '3b1c-fingerprint-of-inputs-and-properties',
  }),
  step('getExecutionsByContext', { contextId: 5n }),
  step('getEventsByExecutionIDs', { executionIds: [2n] }),
  step('getArtifactsById', { artifactIds: [2n] }),
  // execution_publish_utils.publish_cached_executions
  step('putLineageSubgraph', {
    executions: [{ ...plain, typeId: 15n, lastKnownState: CACHED }],
    artifacts: [],
    contexts: [member(RUN, '2024-02-20T12:00:00.000000'), member(NODE, 'my-pipeline.StatisticsGen')],
    eventEdges: [
      { executionIndex: 0, event: { artifactId: 1n, type: Event_Type.INPUT, path: path('examples') } },
      { executionIndex: 0, event: { artifactId: 2n, type: Event_Type.OUTPUT, path: path('statistics') } },
    ],
    options: { reuseContextIfAlreadyExist: true },
  }),
  // What its tools ask for afterwards
  step('getArtifactsByType', {
    typeName: 'ExampleStatistics',
    options: { orderByField: { field: 1, isAsc: false }, maxResultSize: 1 },
  }),
  step('getExecutionsByType', { typeName: 'tfx.components.statistics_gen.component.StatisticsGen' }),
  step('getContextsByType', { typeName: 'node' }),
  step('getContextsByExecution', { executionId: 3n }),
  step('getContextsByArtifact', { artifactId: 2n }),
  step('getParentContextsByContext', { contextId: 2n }),
  step('getChildrenContextsByContext', { contextId: 1n }),
  step('getEventsByArtifactIDs', { artifactIds: [1n, 2n] }),
  step('getLineageSubgraph', {
    lineageSubgraphQueryOptions: {
      startingArtifacts: { filterQuery: 'uri = "/pipeline/StatisticsGen/statistics/2"' },
      maxNumHops: 20n,
      direction: 1,
    },
  }),
];
