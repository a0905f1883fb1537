import { toGlobalId } from '../../src/domain/ids.ts';
import type { RegistryNode } from '../../src/domain/registry-kinds.ts';
import { Event_Type, Execution_State } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { properties, putRegistryTypes, type Values } from '../registry-rows.ts';
import type { Page } from './ask.ts';

/** A node of the world by its short name: its type, its stored name, and what is stored in it. */
type Row = readonly [type: string, name: string, declared?: Values, more?: { uri?: string; externalId?: string }];

const text = (stringValue: string) => ({ stringValue });

/** Contexts in the order of their ids, from 1: V is 2, R is 5. */
const CONTEXTS = {
  M: ['kf.RegisteredModel', 'model', { state: text('LIVE') }],
  V: ['kf.ModelVersion', '1:v', { state: text('ARCHIVED') }],
  half: ['kf.ModelVersion', '1:half'],
  X: ['kf.Experiment', 'experiment'],
  R: ['kf.ExperimentRun', '4:run', {}, { externalId: 'tracked-1' }],
  E: ['kf.ServingEnvironment', 'environment'],
  S: ['kf.InferenceService', '6:s', { registered_model_id: { intValue: 1n }, model_version_id: { intValue: 2n } }],
  newest: ['kf.InferenceService', '6:newest', { registered_model_id: { intValue: 1n } }],
  lost: ['kf.InferenceService', 'lost', { registered_model_id: { intValue: 1n }, model_version_id: { intValue: 2n } }],
  K: ['system.PipelineRun', 'kfp-1'],
  T: ['pipeline_run', 'tfx-1'],
  O: ['run', 'old-1'],
  P: ['pipeline', 'kfp-2'],
} as const satisfies Record<string, Row>;

const source = (id?: string, name?: string): Values => ({
  ...(id !== undefined && { model_source_id: text(id) }),
  ...(name !== undefined && { model_source_name: text(name) }),
});

const ARTIFACTS = {
  data: ['system.Dataset', 'data', {}, { uri: 's3://b/data' }],
  written: ['system.Model', 'written', {}, { uri: 's3://b/model' }],
  byKfp: ['kf.ModelArtifact', 'by kfp', source('kfp-1', 'tfx-1'), { uri: 's3a://b/model/' }],
  byTfx: ['kf.ModelArtifact', 'by tfx', source(undefined, 'tfx-1')],
  byOld: ['kf.ModelArtifact', 'by old', source('old-1')],
  byId: ['kf.ModelArtifact', 'by id', source('5')],
  byExternalId: ['kf.ModelArtifact', 'by external id', source('tracked-1')],
  // None of these names a run: a pipeline is none, and an id is written without zeros.
  byPipeline: ['kf.ModelArtifact', 'by pipeline', source('kfp-2', 'tfx-1')],
  byZeros: ['kf.ModelArtifact', 'by zeros', source('005')],
  byLong: ['kf.ModelArtifact', 'by long', source('x'.repeat(70_000))],
  metric: ['kf.Metric', 'metric', { value: { doubleValue: 1 } }],
  history: ['kf.MetricHistory', 'history', { value: { doubleValue: 1 } }],
  doc: ['kf.DocArtifact', 'doc'],
  dataset: ['kf.DataSet', 'dataset'],
  parameter: ['kf.Parameter', 'parameter', { value: text('1') }],
} as const satisfies Record<string, Row>;

const EXECUTIONS = {
  train: ['system.ContainerExecution', 'train'],
  tfxTrain: ['system.ContainerExecution', 'tfx train'],
  oldTrain: ['system.ContainerExecution', 'old train'],
  otherStep: ['system.ContainerExecution', 'other'],
  D: ['kf.ServeModel', 'd', { model_version_id: { intValue: 2n } }],
} as const satisfies Record<string, Row>;

type ContextName = keyof typeof CONTEXTS;
type ArtifactName = keyof typeof ARTIFACTS;
type ExecutionName = keyof typeof EXECUTIONS;

const PARENTS: readonly (readonly [ContextName, ContextName])[] = [
  ...([['V', 'M']] as const),
  ...([['R', 'X']] as const),
  ...([['S', 'E']] as const),
  ...([['newest', 'E']] as const),
];
const ATTRIBUTED: Readonly<Partial<Record<ContextName, readonly ArtifactName[]>>> = {
  V: ['data', 'byKfp', 'metric', 'doc', 'dataset', 'parameter', 'history'],
  R: ['dataset', 'parameter', 'byId', 'byExternalId', 'metric', 'history', 'data'],
  half: ['byKfp', 'metric'],
  K: ['written'],
};
const ASSOCIATED: Readonly<Partial<Record<ContextName, readonly ExecutionName[]>>> = {
  ...{ K: ['train'], T: ['tfxTrain'], O: ['oldTrain'], P: ['otherStep'], S: ['D'], lost: ['D'] },
};

/** Whatever is linked with something else, once each, and what only looks so. */
export const WORLD = { ...CONTEXTS, ...ARTIFACTS, ...EXECUTIONS };

/** The short names of {@link WORLD}. */
export type Name = keyof typeof WORLD;

/** The global id of a node of the world. */
export function idOf(name: Name): string {
  for (const [type, rows] of Object.entries({ Context: CONTEXTS, Artifact: ARTIFACTS, Execution: EXECUTIONS })) {
    const index = Object.keys(rows).indexOf(name);
    if (index >= 0) return toGlobalId(type as RegistryNode, BigInt(index + 1));
  }
  throw new TypeError(`There is no ${name}.`);
}

const NAMES = new Map((Object.keys(WORLD) as Name[]).map((name) => [idOf(name), name]));

/** A page in short names: `data INPUT train (EVENT)`, sorted. */
export function linksOf({ edges }: Pick<Page, 'edges'>): readonly string[] {
  return edges.map((e) => `${nameOf(e.from.id)} ${e.kind} ${nameOf(e.to.id)} (${e.derivedFrom})`).sort();
}

/** The short names of ids. */
export function nameOf(id: string): string {
  return NAMES.get(id) ?? id;
}

/** Writes the world into an empty store. */
export async function putSmallWorld(store: MetadataStore): Promise<void> {
  const typeIds = new Map([...(await putRegistryTypes(store)), ...(await putOtherTypes(store))]);
  const stored = (rows: Readonly<Record<string, Row>>) =>
    Object.values(rows).map(([type, name, declared, more]) => ({
      ...{ typeId: typeIds.get(type) ?? 0n, name, ...more, ...properties(declared) },
    }));
  await store.putContexts({ contexts: stored(CONTEXTS) });
  await store.putArtifacts({ artifacts: stored(ARTIFACTS) });
  const executions = stored(EXECUTIONS).map((row) => ({ ...row, lastKnownState: Execution_State.COMPLETE }));
  await store.putExecutions({ executions });
  const context = (name: string) => placeIn(CONTEXTS, name);
  await store.putParentContexts({
    parentContexts: PARENTS.map(([child, parent]) => ({ childId: context(child), parentId: context(parent) })),
  });
  await store.putAttributionsAndAssociations({
    attributions: Object.entries(ATTRIBUTED).flatMap(([of, names]) =>
      names.map((name) => ({ contextId: context(of), artifactId: placeIn(ARTIFACTS, name) })),
    ),
    associations: Object.entries(ASSOCIATED).flatMap(([of, names]) =>
      names.map((name) => ({ contextId: context(of), executionId: placeIn(EXECUTIONS, name) })),
    ),
  });
  const executionId = placeIn(EXECUTIONS, 'train');
  await store.putEvents({
    events: [
      { artifactId: placeIn(ARTIFACTS, 'data'), executionId, type: Event_Type.INPUT },
      { artifactId: placeIn(ARTIFACTS, 'written'), executionId, type: Event_Type.OUTPUT },
    ],
  });
}

function placeIn(rows: object, name: string): bigint {
  return BigInt(Object.keys(rows).indexOf(name) + 1);
}

async function putOtherTypes(store: MetadataStore): Promise<ReadonlyMap<string, bigint>> {
  const named = (names: readonly string[]) => names.map((name) => ({ name, properties: new Map() }));
  const names = {
    artifactTypes: ['system.Dataset', 'system.Model'],
    executionTypes: ['system.ContainerExecution'],
    contextTypes: ['system.PipelineRun', 'pipeline_run', 'run', 'pipeline'],
  };
  const ids = await store.putTypes({
    artifactTypes: named(names.artifactTypes),
    executionTypes: named(names.executionTypes),
    contextTypes: named(names.contextTypes),
  });
  const all = [...ids.artifactTypeIds, ...ids.executionTypeIds, ...ids.contextTypeIds];
  return new Map(
    Object.values(names)
      .flat()
      .map((name, index) => [name, all[index] ?? 0n]),
  );
}
