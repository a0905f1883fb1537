import DataLoader from 'dataloader';

import { quotedText } from '../domain/registry-filter-quote.ts';
import type { Artifact } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
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
    artifactByName: new DataLoader<ArtifactName, Artifact | null, string>(
      async (keys) => {
        const found = await inChunks(keys, PAGE, (chunk) => readNamed(store, call, chunk));
        const byName = new Map(found.map((artifact) => [keyOf(artifact), artifact]));
        return keys.map((key) => byName.get(keyOf(key)) ?? null);
      },
      { cacheKeyFn: keyOf },
    ),
  };
}

function keyOf({ type, name }: { readonly type?: string | undefined; readonly name?: string | undefined }): string {
  return `${type} ${name}`;
}

async function readNamed(store: MetadataStore, call: Call, keys: readonly ArtifactName[]) {
  const types = [...new Set(keys.map(({ type }) => type))];
  const names = keys.map(({ name }) => quotedText(name));
  const conditions = [`name IN (${names.join(', ')})`, ...typeIn(types)];
  return (await store.getArtifacts({ options: listOptions(conditions, PAGE, beginning(0n, false)) }, call)).artifacts;
}
