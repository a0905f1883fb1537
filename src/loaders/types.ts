import type { ArtifactType, ContextType, ExecutionType } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import { CHUNK, inChunks } from './in-chunks.ts';

/** Loaders of types by id for one request: one Get…TypesByID for all that are asked for in a tick; null where none. */
export function createTypeLoaders(store: MetadataStore, call: Call) {
  return {
    artifactType: createTypeLoader<ArtifactType>(
      call,
      async (typeIds) => (await store.getArtifactTypesById({ typeIds }, call)).artifactTypes,
    ),
    executionType: createTypeLoader<ExecutionType>(
      call,
      async (typeIds) => (await store.getExecutionTypesById({ typeIds }, call)).executionTypes,
    ),
    contextType: createTypeLoader<ContextType>(
      call,
      async (typeIds) => (await store.getContextTypesById({ typeIds }, call)).contextTypes,
    ),
  };
}

function createTypeLoader<Type extends { readonly id?: bigint | undefined }>(
  call: Call,
  read: (ids: bigint[]) => Promise<Type[]>,
) {
  return createLoader<bigint, Type | null>(call, 'types', async (ids) => {
    const byId = new Map((await inChunks(ids, CHUNK, read)).map((type) => [type.id, type]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
