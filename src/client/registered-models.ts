import {
  type ArchiveInput,
  ArchiveRegisteredModelDocument,
  CreateRegisteredModelDocument,
  type CreateRegisteredModelInput,
  RegisteredModelDocument,
  type RegisteredModelFieldsFragment,
  RegisteredModelsDocument,
  type RegisteredModelsQueryVariables,
  RestoreRegisteredModelDocument,
  UpdateRegisteredModelDocument,
  type UpdateRegisteredModelInput,
} from '../generated/client-operations.ts';
import { type ChangeOptions, change } from './change.ts';
import type { Client, QueryOptions } from './client.ts';
import { type ListArguments, readRows } from './rows.ts';

/** A registered model as the client reads it. */
export type RegisteredModel = RegisteredModelFieldsFragment;

/** One way to name a registered model. */
export type RegisteredModelReference =
  | { readonly name: string }
  | { readonly databaseId: string | number }
  | { readonly externalId: string };

/** The registered models, or those that a filter lets through. */
export function listRegisteredModels(
  client: Client,
  { limit, pageSize, ...which }: ListArguments<RegisteredModelsQueryVariables> = {},
  options?: QueryOptions,
): AsyncGenerator<RegisteredModel, void, undefined> {
  return readRows(
    async (place) => (await client.query(RegisteredModelsDocument, { ...which, ...place }, options)).registeredModels,
    { limit, pageSize },
  );
}

/** The registered model that is meant, or null where there is none. */
export async function getRegisteredModel(
  client: Client,
  which: RegisteredModelReference,
  options?: QueryOptions,
): Promise<RegisteredModel | null> {
  return (await client.query(RegisteredModelDocument, which, options)).registeredModel;
}

/** Registers a new model. Rejects with NAME_TAKEN, and the `databaseId` of the holder, where there is one of its name. */
export function createRegisteredModel(
  client: Client,
  input: CreateRegisteredModelInput,
  options?: ChangeOptions,
): Promise<RegisteredModel> {
  return change(
    client,
    CreateRegisteredModelDocument,
    input,
    ({ createRegisteredModel: done }) => ({ ...done, row: done.registeredModel }),
    options,
  );
}

/** Changes a registered model; what is not named stays. */
export function updateRegisteredModel(
  client: Client,
  input: UpdateRegisteredModelInput,
  options?: ChangeOptions,
): Promise<RegisteredModel> {
  return change(
    client,
    UpdateRegisteredModelDocument,
    input,
    ({ updateRegisteredModel: done }) => ({ ...done, row: done.registeredModel }),
    options,
  );
}

/** Takes a registered model out of use. */
export function archiveRegisteredModel(
  client: Client,
  input: ArchiveInput,
  options?: ChangeOptions,
): Promise<RegisteredModel> {
  return change(
    client,
    ArchiveRegisteredModelDocument,
    input,
    ({ archiveRegisteredModel: done }) => ({ ...done, row: done.registeredModel }),
    options,
  );
}

/** Takes a registered model back into use. */
export function restoreRegisteredModel(
  client: Client,
  input: ArchiveInput,
  options?: ChangeOptions,
): Promise<RegisteredModel> {
  return change(
    client,
    RestoreRegisteredModelDocument,
    input,
    ({ restoreRegisteredModel: done }) => ({ ...done, row: done.registeredModel }),
    options,
  );
}
