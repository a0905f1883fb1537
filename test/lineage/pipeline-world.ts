import {
  Event_Type,
  type Execution_State,
  ExecutionType_SystemDefinedBaseType as ExecutionBase,
  PropertyType,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { properties, type Values } from '../registry-rows.ts';

/** An artifact that a step reads or writes: what is new is made, a name that was used before is the same one. */
export interface Thing {
  readonly type: string;
  readonly name: string;
  readonly uri?: string;
  readonly custom?: Values;
}

/** An execution of a pipeline. */
export interface Step {
  readonly type: string;
  readonly name: string;
  readonly inputs?: readonly Thing[];
  readonly outputs?: readonly Thing[];
  readonly declared?: Values;
  readonly custom?: Values;
  /** True where MLMD's base type says that it trains. */
  readonly trains?: true;
  readonly state?: Execution_State;
}

/** Writes the steps of a run of Kubeflow Pipelines through the store; gives the ids of all that it wrote by their names. */
export async function putRun(
  store: MetadataStore,
  run: string,
  steps: readonly Step[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const { typeId: runType = 0n } = await store.putContextType({
    contextType: { name: 'system.PipelineRun', properties: new Map() },
  });
  const context = { ...properties(), typeId: runType, name: run };
  const { contextIds } = await store.putContexts({ contexts: [context] });
  ids.set(run, String(contextIds[0]));
  for (const step of steps) {
    const pairs = await Promise.all([
      ...(step.inputs ?? []).map((thing) => toPair(store, ids, thing, Event_Type.INPUT)),
      ...(step.outputs ?? []).map((thing) => toPair(store, ids, thing, Event_Type.OUTPUT)),
    ]);
    const written = await store.putExecution({
      execution: {
        ...properties(step.declared, step.custom),
        typeId: await executionType(store, step),
        name: step.name,
        lastKnownState: step.state,
      },
      artifactEventPairs: pairs.map(({ pair }) => pair),
      contexts: [{ ...context, id: contextIds[0] }],
      options: { reuseContextIfAlreadyExist: true },
    });
    ids.set(step.name, String(written.executionId));
    for (const [index, { name }] of pairs.entries()) ids.set(name, String(written.artifactIds[index]));
  }
  return ids;
}

async function toPair(store: MetadataStore, ids: ReadonlyMap<string, string>, thing: Thing, type: Event_Type) {
  const { name, uri, custom } = thing;
  const { typeId } = await store.putArtifactType({ artifactType: { name: thing.type, properties: new Map() } });
  const id = ids.get(name);
  const artifact = { ...properties({}, custom), typeId, name, uri, ...(id !== undefined && { id: BigInt(id) }) };
  return { name, pair: { artifact, event: { type, path: { steps: [{ key: name }] } } } };
}

async function executionType(store: MetadataStore, { type, declared = {}, trains }: Step): Promise<bigint> {
  const names = new Map(Object.keys(declared).map((name) => [name, PropertyType.STRING]));
  const executionType = { name: type, properties: names, ...(trains && { baseType: ExecutionBase.TRAIN }) };
  return (await store.putExecutionType({ executionType, canAddFields: true })).typeId ?? 0n;
}
