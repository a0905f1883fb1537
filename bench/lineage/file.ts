import { type Event, Event_Type, PropertyType } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { openStore } from '../../src/mlmd/open.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { putRegistry } from '../../test/fill-registry.ts';
import { dataset, execution, output } from '../provenance/graph-nodes.ts';
import { type Closure, planClosure } from './closure.ts';

/** What is in a file: closures of these sizes, others beside them, and the registry's types and rows or none. */
export interface FileSize {
  readonly closures: readonly number[];
  /** Sizes of the closures that nobody asks for. */
  readonly others: readonly number[];
  /** Registered models; without any there are none of the registry's types either. */
  readonly models: number;
}

/** A closure in a file: the artifact to ask for. */
export interface WrittenClosure {
  readonly size: number;
  readonly artifactId: bigint;
}

const EPOCH = 1_700_000_000_000n;

/** Rows in one call. */
const BATCH = 5_000;

/** Executions in one run of a pipeline. */
const RUN = 10;

/** Links that the C++ engine follows at most. */
const ENGINE_HOPS = 100;

/** Writes a new file through our store. */
export async function writeFile(db: string, size: FileSize): Promise<readonly WrittenClosure[]> {
  const { store } = await openStore({ db });
  const types = await putTypes(store);
  const put = createWriter(store, types);
  if (size.models > 0) {
    await putRegistry(store, { models: size.models, versionsOf: () => 10, artifacts: 3, deployments: 2 });
  }
  const written: WrittenClosure[] = [];
  for (const [index, other] of size.others.entries()) {
    await put(other);
    const wanted = size.closures[index];
    if (wanted !== undefined) written.push({ size: wanted, artifactId: await put(wanted) });
  }
  await store.close();
  return written;
}

async function putTypes(store: MetadataStore) {
  const { STRING, DOUBLE, INT } = PropertyType;
  const declared = new Map([
    ...['author', 'format'].map((name) => [name, STRING] as const),
    ['rows', INT],
    ['accuracy', DOUBLE],
  ]);
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await store.putTypes({
    artifactTypes: ['system.Model', 'system.Dataset'].map((name) => ({ name, properties: declared })),
    executionTypes: [{ name: 'system.ContainerExecution', properties: new Map([['step', STRING]]) }],
    contextTypes: ['system.Pipeline', 'system.PipelineRun'].map((name) => ({ name, properties: new Map() })),
  });
  const [model, data] = artifactTypeIds;
  const [pipeline, run] = contextTypeIds;
  return { model, data, step: executionTypeIds[0], pipeline, run };
}

/** Gives what writes a closure of some size; it gives the id of the artifact that all of it went into. */
function createWriter(store: MetadataStore, types: Awaited<ReturnType<typeof putTypes>>) {
  let number = 0;
  return async (size: number): Promise<bigint> => {
    const closure = planClosure(size, Math.max(3, Math.min(80, Math.floor(size / 60))));
    const nodes = closure.artifacts + closure.steps.length;
    if (nodes !== size || closure.hops > ENGINE_HOPS) throw new Error(`${nodes} nodes, ${closure.hops} hops`);
    const base = number;
    number += nodes;
    const made = new Set(closure.steps.flatMap(({ outputs }) => outputs));
    // The oldest first, as in life: the one that is asked for has the highest id.
    const places = Array.from({ length: closure.artifacts }, (_none, index) => closure.artifacts - 1 - index);
    const artifactIds = await inBatches(places, async (batch) => {
      const artifacts = batch.map((place) =>
        made.has(place) ? output(types.model, base + place) : dataset(types.data, base + place),
      );
      return (await store.putArtifacts({ artifacts })).artifactIds;
    });
    const executionIds = await inBatches([...closure.steps.keys()], async (batch) => {
      const executions = batch.map((index) => execution(types.step, 5 * (base + index)));
      return (await store.putExecutions({ executions })).executionIds;
    });
    const idAt = (place: number) => artifactIds[closure.artifacts - 1 - place] ?? 0n;
    const stepIdAt = (index: number) => executionIds[closure.steps.length - 1 - index] ?? 0n;
    await inBatches(eventsOf(closure, idAt, stepIdAt), async (events) => {
      await store.putEvents({ events });
      return [];
    });
    await putRuns(store, types, base, executionIds);
    return idAt(0);
  };
}

function eventsOf(
  { steps }: Closure,
  idAt: (place: number) => bigint,
  stepIdAt: (index: number) => bigint,
): readonly Event[] {
  return steps.flatMap(({ inputs, outputs }, index) => {
    const event = (type: Event_Type, place: number, key: string): Event => ({
      type,
      artifactId: idAt(place),
      executionId: stepIdAt(index),
      millisecondsSinceEpoch: EPOCH - BigInt(index),
      path: { steps: [{ key }, { index: BigInt(place) }] },
    });
    return [
      ...inputs.map((place) => event(Event_Type.INPUT, place, 'inputs')),
      ...outputs.map((place) => event(Event_Type.OUTPUT, place, 'outputs')),
    ];
  });
}

/** All executions are in a context of their pipeline, and ten of them in one of each run. */
async function putRuns(
  store: MetadataStore,
  types: { readonly pipeline: bigint | undefined; readonly run: bigint | undefined },
  base: number,
  executionIds: readonly bigint[],
): Promise<void> {
  const bare = { properties: new Map(), customProperties: new Map() };
  const runs = Array.from({ length: Math.ceil(executionIds.length / RUN) }, (_none, index) => ({
    ...bare,
    typeId: types.run,
    name: `run-${base}-${index}`,
  }));
  const pipeline = { ...bare, typeId: types.pipeline, name: `pipeline-${base}` };
  const { contextIds } = await store.putContexts({ contexts: [pipeline, ...runs] });
  const associations = executionIds.flatMap((executionId, index) =>
    [contextIds[0], contextIds[1 + Math.floor(index / RUN)]].map((contextId) => ({ contextId, executionId })),
  );
  await store.putAttributionsAndAssociations({ attributions: [], associations });
}

async function inBatches<Item>(items: readonly Item[], put: (batch: Item[]) => Promise<readonly bigint[]>) {
  const ids: bigint[] = [];
  for (let start = 0; start < items.length; start += BATCH) ids.push(...(await put(items.slice(start, start + BATCH))));
  return ids;
}
