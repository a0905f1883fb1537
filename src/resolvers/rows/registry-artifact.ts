import type { Context } from '../../context.ts';
import type { PageArguments } from '../../domain/page.ts';
import type { RegistryKindName } from '../../domain/registry-kinds.ts';
import type { Artifact as ArtifactMessage } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { ofArtifact } from './node-fields.ts';
import { registryFields } from './registry-fields.ts';
import { pageOfContexts } from './registry-lists.ts';

/** The fields of a kind of artifact: what is stored, and which versions and runs it belongs to. */
export function artifactFields(kind: RegistryKindName) {
  return {
    ...registryFields(kind, ofArtifact),
    modelVersions: contextsOf('ModelVersion'),
    experimentRuns: contextsOf('ExperimentRun'),
  };
}

function contextsOf(kind: RegistryKindName) {
  return async ({ id = 0n }: ArtifactMessage, page: PageArguments, context: Context) => {
    const ids = await context.loaders.contextsOfArtifact.load(id);
    return pageOfContexts(ids, kind, page, context);
  };
}
