import type {
  CreateModelArtifactInput,
  CreateModelVersionInput,
  CreateRegisteredModelInput,
} from '../generated/client-operations.ts';
import type { ChangeOptions } from './change.ts';
import type { Client } from './client.ts';
import { ModelGraphError } from './error.ts';
import { createModelArtifact, getModelArtifact, type ModelArtifact } from './model-artifacts.ts';
import { createModelVersion, getModelVersion, type ModelVersion } from './model-versions.ts';
import { createRegisteredModel, getRegisteredModel, type RegisteredModel } from './registered-models.ts';

/** A version of a model with its files, to be registered whole. */
export interface RegisterModelInput {
  /** The model, which may be there already; then it stays as it is. */
  readonly model: Omit<CreateRegisteredModelInput, 'idempotencyKey'>;
  readonly version: Omit<CreateModelVersionInput, 'idempotencyKey' | 'registeredModelId'>;
  /** Where the files are. Its name is that of the version where it is absent. */
  readonly artifact: Omit<CreateModelArtifactInput, 'idempotencyKey' | 'parentId' | 'uri'> & { readonly uri: string };
}

/** What was registered, or was there. */
export interface RegisteredWhole {
  readonly model: RegisteredModel;
  readonly version: ModelVersion;
  readonly artifact: ModelArtifact;
}

/**
 * Registers a model, a version of it and the version's files; what is there already by its name is taken as it is, so a
 * call can be repeated until it succeeds, on any store. Rejects with CONFLICT where the version has such an artifact with
 * another URI.
 */
export async function registerModel(
  client: Client,
  input: RegisterModelInput,
  options?: ChangeOptions,
): Promise<RegisteredWhole> {
  // Each step says by its name what it makes: the second time it finds the first one's.
  const repeatable = { ...options, idempotent: true };
  const model = await madeOrThere(
    () => createRegisteredModel(client, input.model, repeatable),
    (databaseId) => getRegisteredModel(client, { databaseId }, options),
  );
  const version = await madeOrThere(
    () => createModelVersion(client, { ...input.version, registeredModelId: model.databaseId }, repeatable),
    (databaseId) => getModelVersion(client, { databaseId }, options),
  );
  const files = { ...input.artifact, name: input.artifact.name ?? input.version.name, parentId: version.databaseId };
  const artifact = await madeOrThere(
    () => createModelArtifact(client, files, repeatable),
    (databaseId) => getModelArtifact(client, { databaseId }, options),
  );
  if (artifact.uri !== files.uri) throw otherFiles(files.name, artifact);
  return { model, version, artifact };
}

async function madeOrThere<Row>(
  make: () => Promise<Row>,
  read: (databaseId: string) => Promise<Row | null>,
): Promise<Row> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ModelGraphError && error.code === 'NAME_TAKEN' && error.databaseId)) throw error;
    const there = await read(error.databaseId);
    if (there === null) throw error;
    return there;
  }
}

function otherFiles(name: string, { databaseId, uri }: ModelArtifact): ModelGraphError {
  const message = `The version has the artifact '${name}' already, at another place: ${uri}. Register a new version.`;
  return new ModelGraphError(message, { code: 'CONFLICT', field: ['artifact', 'uri'], databaseId });
}
