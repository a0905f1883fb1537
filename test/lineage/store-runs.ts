import type { DemoGraph } from '../../src/demo/graph.ts';
import { writeGraph } from '../../src/demo/write.ts';
import {
  Artifact_State,
  Execution_State,
  PropertyType,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { PutTypesRequest } from '../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import type { Run, Step } from './runs.ts';

/** Writes runs into an empty store as TFX would have done: their ids are in names, and those of executions in URIs. */
export async function writeRuns(store: MetadataStore, runs: readonly Run[]): Promise<void> {
  const types = new Set(runs.flatMap(({ steps }) => steps.flatMap(({ writes }) => writes)));
  const steps = new Set(runs.flatMap((run) => run.steps.map(({ name }) => name)));
  const declared = (...names: string[]) => new Map(names.map((name) => [name, PropertyType.STRING]));
  await writeGraph(
    store,
    PutTypesRequest.fromPartial({
      contextTypes: [
        { name: 'pipeline', properties: declared('pipeline_name') },
        { name: 'run', properties: declared('pipeline_name', 'run_id') },
      ],
      artifactTypes: ['Dataset', ...types].map((name) => ({ name })),
      executionTypes: [...steps].map((name) => ({
        name: typeOf(name),
        properties: declared('run_id', 'component_id', 'pipeline_name'),
      })),
    }),
    {
      contexts: [
        { key: 'imdb', type: 'pipeline', name: 'imdb', properties: { pipeline_name: 'imdb' } },
        ...runs.map(({ id }) => ({
          ...{ key: id, type: 'run', name: `imdb.${id}`, contexts: ['imdb'] },
          properties: { pipeline_name: 'imdb', run_id: id },
        })),
      ],
      artifacts: runs.flatMap((run, index) => [...sourcesOf(run), ...writtenOf(run, stepsIn(runs.slice(0, index)))]),
      executions: runs.flatMap((run) => run.steps.map((step) => executionOf(run, step))),
    },
  );
}

function typeOf(step: string): string {
  return `tfx.components.${step.toLowerCase()}.component.${step}`;
}

function sourcesOf({ id, sources }: Run): DemoGraph['artifacts'] {
  return Object.entries(sources).map(([name, uri]) => ({
    ...{ key: `${id} ${name}`, type: 'Dataset', name: `${name} of ${id}`, uri, state: Artifact_State.LIVE },
  }));
}

function stepsIn(runs: readonly Run[]): number {
  return runs.reduce((count, { steps }) => count + steps.length, 0);
}

/** An empty store counts executions from 1. */
function writtenOf({ id, steps, values = {} }: Run, before: number): DemoGraph['artifacts'] {
  return steps.flatMap(({ name, writes }, index) =>
    writes.map((place) => ({
      ...{ key: `${id} ${name}/${place}`, type: place, name: `${place}:${id}`, state: Artifact_State.LIVE },
      uri: `pipelines/imdb/${name}/${place}/${before + index + 1}`,
      customProperties: { name: `${place}:${id}`, tfx_version: '1.14.0', ...values[`${name}/${place}`] },
    })),
  );
}

function executionOf({ id, values = {} }: Run, { name, reads, writes }: Step): DemoGraph['executions'][number] {
  return {
    ...{ key: `${id} ${name}`, type: typeOf(name), name: `${name} ${id}`, contexts: ['imdb', id] },
    ...{ state: Execution_State.COMPLETE, start: 1_000, end: 2_000 },
    properties: { run_id: id, component_id: name, pipeline_name: 'imdb' },
    customProperties: values[name] ?? {},
    inputs: Object.fromEntries(
      Object.entries(reads).map(([place, sources]) => [place, sources.map((source) => `${id} ${source}`)]),
    ),
    outputs: Object.fromEntries(writes.map((place) => [place, [`${id} ${name}/${place}`]])),
  };
}
