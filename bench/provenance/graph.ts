import {
  type Artifact,
  type Attribution,
  type Event,
  Event_Type,
  type Execution,
  PropertyType,
  type Value,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { dataset, execution, output, STEPS, type TypeId } from './graph-nodes.ts';

/** How large the generated graph is. */
export interface GraphSize {
  readonly models: number;
  readonly versionsEach: number;
  readonly datasets: number;
}

/** What was written: the ids to ask for, and the counts. */
export interface Graph {
  readonly modelIds: readonly bigint[];
  readonly nodes: number;
  readonly events: number;
}

const EPOCH = 1_700_000_000_000n;

/** Nodes or links in one call. */
const BATCH = 5_000;

/**
 * Writes models, their versions, and behind each version a chain of five executions of three or four inputs and two
 * outputs: each reads what the one before it made, and a dataset; the last one also the version before it, and makes
 * the two artifacts of the version. The same graph each time.
 */
export async function writeGraph(store: MetadataStore, size: GraphSize): Promise<Graph> {
  const types = await putTypes(store);
  const versions = size.models * size.versionsEach;
  const executions = versions * STEPS.length;

  const modelIds = await putContexts(store, types.model, size.models, (index) => `model-${index}`);
  const versionIds = await putContexts(store, types.version, versions, (index) => {
    return `${modelIds[Math.floor(index / size.versionsEach)]}:v${(index % size.versionsEach) + 1}`;
  });
  await store.putParentContexts({
    parentContexts: versionIds.map((childId, index) => ({
      childId,
      parentId: modelIds[Math.floor(index / size.versionsEach)],
    })),
  });
  const datasetIds = await putArtifacts(store, size.datasets, (index) => dataset(types.dataset, index));
  const outputIds = await putArtifacts(store, executions * 2, (index) => output(types.artifact, index));
  const executionIds = await putExecutions(store, executions, (index) => execution(types.execution, index));

  const events = executionIds.flatMap((executionId, index) =>
    eventsOf(index, size, datasetIds, outputIds).map(
      ([type, artifactId], place): Event => ({
        type,
        artifactId,
        executionId,
        millisecondsSinceEpoch: EPOCH + BigInt(index * 10 + place),
        path: { steps: [{ key: type === Event_Type.INPUT ? 'inputs' : 'outputs' }, { index: BigInt(place) }] },
      }),
    ),
  );
  for (const batch of batches(events)) await store.putEvents({ events: batch });
  await putMembers(store, versionIds, outputIds, executionIds);
  return { modelIds, nodes: size.models + versions + size.datasets + executions * 3, events: events.length };
}

async function putTypes(store: MetadataStore) {
  const { STRING, DOUBLE, INT } = PropertyType;
  const declared = new Map([
    ...['author', 'format'].map((name) => [name, STRING] as const),
    ['rows', INT],
    ['accuracy', DOUBLE],
  ]);
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await store.putTypes({
    artifactTypes: ['kf.ModelArtifact', 'system.Dataset'].map((name) => ({ name, properties: declared })),
    executionTypes: [{ name: 'pipeline.Step', properties: new Map([['step', STRING]]) }],
    contextTypes: ['kf.RegisteredModel', 'kf.ModelVersion'].map((name) => ({
      name,
      properties: new Map([['author', STRING]]),
    })),
  });
  const [artifact, datasetType] = artifactTypeIds;
  const [model, version] = contextTypeIds;
  return { artifact, dataset: datasetType, execution: executionTypeIds[0], model, version };
}

async function putContexts(store: MetadataStore, typeId: TypeId, count: number, nameOf: (index: number) => string) {
  const contexts = indexes(count).map((index) => ({
    typeId,
    name: nameOf(index),
    properties: new Map<string, Value>([['author', { stringValue: `author-${index % 17}` }]]),
    customProperties: new Map<string, Value>([['stars', { intValue: BigInt(index) }]]),
  }));
  return (await store.putContexts({ contexts })).contextIds;
}

async function putArtifacts(store: MetadataStore, count: number, make: (index: number) => Artifact) {
  const ids: bigint[] = [];
  for (const batch of batches(indexes(count))) {
    ids.push(...(await store.putArtifacts({ artifacts: batch.map(make) })).artifactIds);
  }
  return ids;
}

async function putExecutions(store: MetadataStore, count: number, make: (index: number) => Execution) {
  const ids: bigint[] = [];
  for (const batch of batches(indexes(count))) {
    ids.push(...(await store.putExecutions({ executions: batch.map(make) })).executionIds);
  }
  return ids;
}

/** The events of the execution with this index: inputs, then outputs. */
function eventsOf(index: number, size: GraphSize, datasetIds: readonly bigint[], outputIds: readonly bigint[]) {
  const step = index % STEPS.length;
  const version = Math.floor(index / STEPS.length);
  const outputsOf = (execution: number) => outputIds.slice(execution * 2, execution * 2 + 2);
  const datasetAt = (offset: number) => datasetIds[(index * 11 + offset) % datasetIds.length] ?? 0n;
  const inputs = step === 0 ? [datasetAt(0), datasetAt(1), datasetAt(2)] : [...outputsOf(index - 1), datasetAt(0)];
  const isFirst = version % size.versionsEach === 0;
  if (step === STEPS.length - 1 && !isFirst) inputs.push(...outputsOf(index - STEPS.length).slice(0, 1));
  return [
    ...inputs.map((id) => [Event_Type.INPUT, id] as const),
    ...outputsOf(index).map((id) => [Event_Type.OUTPUT, id] as const),
  ];
}

/** The last execution's outputs are the version's artifacts; all executions of the chain belong to it. */
async function putMembers(
  store: MetadataStore,
  versionIds: readonly bigint[],
  outputIds: readonly bigint[],
  executionIds: readonly bigint[],
): Promise<void> {
  const attributions = versionIds.flatMap((contextId, version): Attribution[] => {
    const last = version * STEPS.length + STEPS.length - 1;
    return outputIds.slice(last * 2, last * 2 + 2).map((artifactId) => ({ contextId, artifactId }));
  });
  const associations = executionIds.map((executionId, index) => ({
    contextId: versionIds[Math.floor(index / STEPS.length)],
    executionId,
  }));
  await store.putAttributionsAndAssociations({ attributions, associations });
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_none, index) => index);
}

function batches<Item>(items: readonly Item[]): Item[][] {
  return indexes(Math.ceil(items.length / BATCH)).map((batch) => items.slice(batch * BATCH, (batch + 1) * BATCH));
}
