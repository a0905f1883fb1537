import type { Context } from '../../context.ts';
import { parseDatabaseId } from '../../domain/ids.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../../domain/registry-kinds.ts';
import { RegistryError } from '../../errors.ts';

/** How a row is asked for. */
export interface Identity {
  readonly databaseId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly externalId?: string | null | undefined;
}

/** A context by its id, its name or its external id. INVALID_ARGUMENT where the arguments do not name one row. */
export function contextBy(kind: RegistryKindName) {
  return (_root: unknown, { databaseId }: Identity, { loaders }: Context) => {
    if (databaseId != null) return loaders.registered.context(kind, parseDatabaseId(databaseId, 'databaseId'));
    throw unnamed(kind);
  };
}

/** An artifact by its id, its name or its external id. */
export function artifactBy(kind: RegistryKindName) {
  return (_root: unknown, { databaseId }: Identity, { loaders }: Context) => {
    if (databaseId != null) return loaders.registered.artifact(kind, parseDatabaseId(databaseId, 'databaseId'));
    throw unnamed(kind);
  };
}

/** An execution by its id, its name or its external id. */
export function executionBy(kind: RegistryKindName) {
  return (_root: unknown, { databaseId }: Identity, { loaders }: Context) => {
    if (databaseId != null) return loaders.registered.execution(kind, parseDatabaseId(databaseId, 'databaseId'));
    throw unnamed(kind);
  };
}

function unnamed(kind: RegistryKindName): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', `Name the ${REGISTRY_KINDS[kind].noun} by its databaseId.`, {
    argument: 'databaseId',
  });
}
