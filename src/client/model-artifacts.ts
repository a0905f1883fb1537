import {
  CreateModelArtifactDocument,
  type CreateModelArtifactInput,
  ModelArtifactDocument,
  type ModelArtifactFieldsFragment,
  ModelArtifactsDocument,
  ModelArtifactsOfDocument,
  type ModelArtifactsQueryVariables,
} from '../generated/client-operations.ts';
import { type ChangeOptions, change } from './change.ts';
import type { Client, QueryOptions } from './client.ts';
import { noSuch } from './no-such.ts';
import { type ListArguments, type ListOptions, readRows } from './rows.ts';

/** The files of a model as the client reads them: where they are, and in which format. */
export type ModelArtifact = ModelArtifactFieldsFragment;

/** One way to name a model artifact. */
export type ModelArtifactReference =
  | { readonly databaseId: string | number }
  | { readonly externalId: string }
  | { readonly parentId: string | number; readonly name: string };

/** The model artifacts of the whole registry, or those that a filter lets through. */
export function listModelArtifacts(
  client: Client,
  { limit, pageSize, ...which }: ListArguments<ModelArtifactsQueryVariables> = {},
  options?: QueryOptions,
): AsyncGenerator<ModelArtifact, void, undefined> {
  return readRows(
    async (place) => (await client.query(ModelArtifactsDocument, { ...which, ...place }, options)).modelArtifacts,
    { limit, pageSize },
  );
}

/** The model artifacts of a version. Rejects with NOT_FOUND where there is no version of the id. */
export function listModelArtifactsOf(
  client: Client,
  modelVersionId: string | number,
  { limit, pageSize }: ListOptions = {},
  options?: QueryOptions,
): AsyncGenerator<ModelArtifact, void, undefined> {
  return readRows(
    async (place) => {
      const { modelVersion } = await client.query(ModelArtifactsOfDocument, { modelVersionId, ...place }, options);
      return modelVersion?.modelArtifacts ?? noSuch('model version', String(modelVersionId));
    },
    { limit, pageSize },
  );
}

/** The model artifact that is meant, or null where there is none. */
export async function getModelArtifact(
  client: Client,
  which: ModelArtifactReference,
  options?: QueryOptions,
): Promise<ModelArtifact | null> {
  return (await client.query(ModelArtifactDocument, which, options)).modelArtifact;
}

/** Registers the files of a model. Nothing is opened: the URI is a text. */
export function createModelArtifact(
  client: Client,
  input: CreateModelArtifactInput,
  options?: ChangeOptions,
): Promise<ModelArtifact> {
  return change(
    client,
    CreateModelArtifactDocument,
    input,
    ({ createModelArtifact: done }) => ({ ...done, row: done.modelArtifact }),
    options,
  );
}
