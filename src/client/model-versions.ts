import {
  type ArchiveInput,
  ArchiveModelVersionDocument,
  CreateModelVersionDocument,
  type CreateModelVersionInput,
  FindVersionDocument,
  LatestVersionDocument,
  ModelVersionDocument,
  type ModelVersionFieldsFragment,
  ModelVersionsDocument,
  ModelVersionsOfDocument,
  type ModelVersionsQueryVariables,
  RestoreModelVersionDocument,
  UpdateModelVersionDocument,
  type UpdateModelVersionInput,
} from '../generated/client-operations.ts';
import { type ChangeOptions, change } from './change.ts';
import type { Client, QueryOptions } from './client.ts';
import { noSuch } from './no-such.ts';
import { type ListArguments, readRows } from './rows.ts';

/** A version of a model as the client reads it. */
export type ModelVersion = ModelVersionFieldsFragment;

/** One way to name a version by ids; {@link findVersion} does it by the names of model and version. */
export type ModelVersionReference =
  | { readonly databaseId: string | number }
  | { readonly externalId: string }
  | { readonly registeredModelId: string | number; readonly name: string };

/** Which versions are asked for. */
export interface ListVersionsArguments extends ListArguments<ModelVersionsQueryVariables> {
  /** Only those of the model of this name. Without it those of all models. */
  readonly model?: string | undefined;
}

/** The versions of a model, or of all models. Rejects with NOT_FOUND where there is no model of the name. */
export function listModelVersions(
  client: Client,
  { model, limit, pageSize, ...which }: ListVersionsArguments = {},
  options?: QueryOptions,
): AsyncGenerator<ModelVersion, void, undefined> {
  return readRows(
    async (place) => {
      const variables = { ...which, ...place };
      if (model === undefined) return (await client.query(ModelVersionsDocument, variables, options)).modelVersions;
      const { registeredModel } = await client.query(ModelVersionsOfDocument, { model, ...variables }, options);
      return registeredModel?.versions ?? noSuch('registered model', model);
    },
    { limit, pageSize },
  );
}

/** The version that is meant, or null where there is none. */
export async function getModelVersion(
  client: Client,
  which: ModelVersionReference,
  options?: QueryOptions,
): Promise<ModelVersion | null> {
  return (await client.query(ModelVersionDocument, which, options)).modelVersion;
}

/** The version of this name of the model of that name, or the one registered last; null where there is none. */
export async function findVersion(
  client: Client,
  { model, version }: { readonly model: string; readonly version?: string | undefined },
  options?: QueryOptions,
): Promise<ModelVersion | null> {
  if (version === undefined) {
    return (await client.query(LatestVersionDocument, { model }, options)).registeredModel?.latestVersion ?? null;
  }
  const { registeredModel } = await client.query(FindVersionDocument, { model, version }, options);
  return registeredModel?.versions.nodes[0] ?? null;
}

/** Registers a new version. Rejects with NAME_TAKEN, and the `databaseId` of the holder, where the model has one of its name. */
export function createModelVersion(
  client: Client,
  input: CreateModelVersionInput,
  options?: ChangeOptions,
): Promise<ModelVersion> {
  return change(
    client,
    CreateModelVersionDocument,
    input,
    ({ createModelVersion: done }) => ({ ...done, row: done.modelVersion }),
    options,
  );
}

/** Changes a version; what is not named stays. */
export function updateModelVersion(
  client: Client,
  input: UpdateModelVersionInput,
  options?: ChangeOptions,
): Promise<ModelVersion> {
  return change(
    client,
    UpdateModelVersionDocument,
    input,
    ({ updateModelVersion: done }) => ({ ...done, row: done.modelVersion }),
    options,
  );
}

/** Takes a version out of use. */
export function archiveModelVersion(
  client: Client,
  input: ArchiveInput,
  options?: ChangeOptions,
): Promise<ModelVersion> {
  return change(
    client,
    ArchiveModelVersionDocument,
    input,
    ({ archiveModelVersion: done }) => ({ ...done, row: done.modelVersion }),
    options,
  );
}

/** Takes a version back into use. */
export function restoreModelVersion(
  client: Client,
  input: ArchiveInput,
  options?: ChangeOptions,
): Promise<ModelVersion> {
  return change(
    client,
    RestoreModelVersionDocument,
    input,
    ({ restoreModelVersion: done }) => ({ ...done, row: done.modelVersion }),
    options,
  );
}
