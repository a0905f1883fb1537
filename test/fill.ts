import { Event_Type } from '../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';

/** The whole numbers from 0 to below `count`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_each, index) => index);
}

/** The ids of one type of each kind, registered with these property names as strings. */
export async function putTypes(store: MetadataStore, properties: readonly string[] = []) {
  const declared = new Map(properties.map((name) => [name, 3 as const]));
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await store.putTypes({
    artifactTypes: [{ name: 'Thing', properties: declared }],
    executionTypes: [{ name: 'Step', properties: declared }],
    contextTypes: [{ name: 'Group', properties: declared }],
  });
  return { artifact: artifactTypeIds[0] ?? 0n, execution: executionTypeIds[0] ?? 0n, context: contextTypeIds[0] ?? 0n };
}

const bare = { properties: new Map(), customProperties: new Map() };

/** Puts `count` artifacts in one call, so that they all have the same times. */
export async function putArtifacts(store: MetadataStore, typeId: bigint, count: number): Promise<bigint[]> {
  const artifacts = range(count).map((index) => ({ ...bare, typeId, uri: `thing/${index}` }));
  return (await store.putArtifacts({ artifacts })).artifactIds;
}

/** Puts `count` executions in one call. */
export async function putExecutions(store: MetadataStore, typeId: bigint, count: number): Promise<bigint[]> {
  const executions = range(count).map(() => ({ ...bare, typeId }));
  return (await store.putExecutions({ executions })).executionIds;
}

/** Puts `count` contexts in one call. */
export async function putContexts(store: MetadataStore, typeId: bigint, count: number): Promise<bigint[]> {
  const contexts = range(count).map((index) => ({ ...bare, typeId, name: `group ${index}` }));
  return (await store.putContexts({ contexts })).contextIds;
}

/**
 * `size` artifacts; each is made by an execution of its own from the artifact before it, and all are in the first of
 * `size` contexts, each of which holds one execution and is the parent of the next one.
 */
export async function putChain(store: MetadataStore, size: number): Promise<void> {
  const types = await putTypes(store);
  const artifacts = await putArtifacts(store, types.artifact, size);
  const executions = await putExecutions(store, types.execution, size);
  const contexts = await putContexts(store, types.context, size);
  await store.putEvents({
    events: artifacts.flatMap((artifactId, index) => {
      const made = { artifactId, executionId: executions[index] ?? 0n, type: Event_Type.OUTPUT };
      const before = artifacts[index - 1];
      return before === undefined ? [made] : [{ ...made, artifactId: before, type: Event_Type.INPUT }, made];
    }),
  });
  await store.putAttributionsAndAssociations({
    attributions: artifacts.map((artifactId) => ({ artifactId, contextId: contexts[0] ?? 0n })),
    associations: executions.map((executionId, index) => ({ executionId, contextId: contexts[index] ?? 0n })),
  });
  await store.putParentContexts({
    parentContexts: contexts.slice(1).map((childId, index) => ({ childId, parentId: contexts[index] ?? 0n })),
  });
}
