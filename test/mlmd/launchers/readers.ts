import { type Step, step } from '../differential/step.ts';

/** What tools of TFX ask for after the runs of `tfx.jsonl`. By hand: a launcher calls none of these. */
export const TFX_READERS: readonly Step[] = [
  step('getArtifactsByType', {
    typeName: 'Model',
    options: { orderByField: { field: 1, isAsc: false }, maxResultSize: 1 },
  }),
  step('getExecutionsByType', { typeName: 'tfx_pipeline.Train' }),
  step('getContextsByType', { typeName: 'node' }),
  step('getContextsByExecution', { executionId: 3n }),
  step('getContextsByArtifact', { artifactId: 2n }),
  step('getParentContextsByContext', { contextId: 2n }),
  step('getChildrenContextsByContext', { contextId: 1n }),
  step('getEventsByArtifactIDs', { artifactIds: [1n, 2n] }),
  step('getLineageSubgraph', {
    lineageSubgraphQueryOptions: {
      startingArtifacts: { filterQuery: 'uri = "/pipeline/Push/pushed/10"' },
      maxNumHops: 20n,
      direction: 1,
    },
  }),
];

/** What the user interface of Kubeflow Pipelines asks for after the runs of `kfp.jsonl`. By hand, too. */
export const KFP_READERS: readonly Step[] = [
  step('getContextByTypeAndName', {
    typeName: 'system.PipelineRun',
    contextName: '5c9c2c5e-0d2b-4a53-9d7f-3f1f9f6f2b01',
  }),
  step('getExecutionsByContext', { contextId: 2n, options: { maxResultSize: 2 } }),
  step('getArtifactsByContext', { contextId: 2n }),
  step('getArtifacts', {
    options: { maxResultSize: 20, orderByField: { field: 1, isAsc: false }, filterQuery: 'contexts_a.id = 2' },
  }),
  step('getEventsByArtifactIDs', { artifactIds: [1n, 2n, 3n] }),
  step('getContexts', { options: { filterQuery: 'name = "my-pipeline"' } }),
  step('getLineageSubgraph', {
    lineageSubgraphQueryOptions: {
      startingExecutions: { filterQuery: 'contexts_a.id = 2 AND id = 5' },
      maxNumHops: 4n,
      direction: 1,
    },
    readMask: ['artifacts', 'executions', 'events'],
  }),
];
