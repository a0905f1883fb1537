import type { Context } from '../../context.ts';
import type { PageArguments } from '../../domain/page.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../../domain/registry-kinds.ts';
import type { Artifact as ArtifactMessage } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { ofArtifact } from './node-fields.ts';
import { registryFields } from './registry-fields.ts';
import { groupPage } from './registry-lists.ts';

/** The fields of a kind of artifact: what is stored, and which versions and runs it belongs to. */
export function artifactFields(kind: RegistryKindName) {
  return {
    ...registryFields(kind, ofArtifact),
    modelVersions: contextsOf('ModelVersion'),
    experimentRuns: contextsOf('ExperimentRun'),
  };
}

/** The versions, or the runs, that an artifact belongs to. */
function contextsOf(kind: RegistryKindName) {
  const { type, owners } = REGISTRY_KINDS[kind];
  const group = { types: [type], parentTypes: owners.map((owner) => REGISTRY_KINDS[owner].type) };
  return ({ id = 0n }: ArtifactMessage, page: PageArguments, context: Context) =>
    groupPage('contextsOfArtifacts', { key: id, ...group }, page, context);
}
