import { inParallel } from '../domain/in-parallel.ts';
import { canBeListed, canBeStored, nameIn } from '../domain/name-list.ts';
import type { Artifact } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import { inChunks } from './in-chunks.ts';
import { beginning, listOptions, PAGE, typeIn } from './list-options.ts';

/** An artifact by the name of its type and its stored name. */
export interface ArtifactName {
  readonly type: string;
  readonly name: string;
}

/** A loader of artifacts by name for one request, with their properties: one list for 100 names of a tick. */
export function createNamedLoaders(store: MetadataStore, call: Call) {
  return {
    artifactByName: createLoader<ArtifactName, Artifact | null, string>(
      call,
      'named artifacts',
      async (keys) => {
        const { listed = [], single = [] } = Object.groupBy(keys, ({ name }) =>
          canBeListed(name, store) ? 'listed' : 'single',
        );
        const found = [
          ...(await inChunks(listed, PAGE, (chunk) => readListed(store, call, chunk))),
          ...(await inParallel(single, (key) => readSingle(store, call, key))),
        ];
        const byName = new Map(found.map((artifact) => [artifact && keyOf(artifact), artifact]));
        return keys.map((key) => byName.get(keyOf(key)) ?? null);
      },
      { cacheKeyFn: keyOf },
    ),
  };
}

function keyOf({ type, name }: { readonly type?: string | undefined; readonly name?: string | undefined }): string {
  return `${type} ${name}`;
}

async function readListed(store: MetadataStore, call: Call, keys: readonly ArtifactName[]) {
  const types = [...new Set(keys.map(({ type }) => type))];
  const conditions = [nameIn(keys.map(({ name }) => name)), ...typeIn(types)];
  return (await store.getArtifacts({ options: listOptions(conditions, PAGE, beginning(0n, false)) }, call)).artifacts;
}

/** For a name that filters of the store do not take for what it is. */
async function readSingle(store: MetadataStore, call: Call, { type, name }: ArtifactName) {
  if (!canBeStored(name)) return undefined;
  return (await store.getArtifactByTypeAndName({ typeName: type, artifactName: name }, call)).artifact;
}
