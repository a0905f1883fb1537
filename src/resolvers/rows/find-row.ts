import type { Context } from '../../context.ts';
import { parseDatabaseId } from '../../domain/ids.ts';
import type { RegistryRow } from '../../domain/registry-fields.ts';
import { ARTIFACT_KINDS, artifactKindOf, type RegistryKindName } from '../../domain/registry-kinds.ts';
import type {
  Artifact as ArtifactMessage,
  Context as ContextMessage,
  Execution as ExecutionMessage,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import { findRegistry } from '../../registry/find.ts';

/** How a row is asked for, besides the id of its owner. */
interface Identity {
  readonly databaseId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly externalId?: string | null | undefined;
}

/** The arguments that name an owner. */
type OwnerArgument = 'registeredModelId' | 'experimentId' | 'servingEnvironmentId' | 'inferenceServiceId' | 'parentId';

type Sought = Identity & { readonly [Owner in OwnerArgument]?: string | null | undefined };

/** A context by its id, its name or its external id. INVALID_ARGUMENT where the arguments do not name one row. */
export function contextBy(kind: RegistryKindName, owner?: OwnerArgument) {
  return finder<ContextMessage>(kind, owner, ({ registered }, id) => registered.context(kind, id));
}

/** An artifact by its id, its name or its external id. INVALID_ARGUMENT where the arguments do not name one row. */
export function artifactBy(kind: RegistryKindName) {
  return finder<ArtifactMessage>(kind, 'parentId', ({ registered }, id) => registered.artifact(kind, id));
}

/** An execution by its id, its name or its external id. INVALID_ARGUMENT where the arguments do not name one row. */
export function executionBy(kind: RegistryKindName, owner: OwnerArgument) {
  return finder<ExecutionMessage>(kind, owner, ({ registered }, id) => registered.execution(kind, id));
}

/** An artifact of whatever kind by its id, its name or its external id; the first kind that has one of a name counts. */
export async function artifactOfAnyKind(_root: unknown, sought: Sought, context: Context) {
  const { name, parentId, externalId } = sought;
  const databaseId = toId(sought, 'databaseId');
  if (databaseId !== undefined && [name, parentId, externalId].every((each) => each == null)) {
    const artifact = await context.loaders.artifact.load(databaseId);
    return artifact && artifactKindOf(artifact) ? artifact : null;
  }
  const kinds = Object.values(ARTIFACT_KINDS);
  const found = await Promise.all(kinds.map((kind) => artifactBy(kind)(undefined, sought, context)));
  return found.find((artifact) => artifact !== null) ?? null;
}

/** Rows by their ids alone are read together. */
function finder<Row extends RegistryRow>(
  kind: RegistryKindName,
  owner: OwnerArgument | undefined,
  byId: (loaders: Context['loaders'], id: bigint) => Promise<Row | null>,
) {
  return async (_root: unknown, sought: Sought, { store, call, loaders }: Context): Promise<Row | null> => {
    const { name, externalId } = sought;
    const databaseId = toId(sought, 'databaseId');
    const ownerId = owner === undefined ? undefined : toId(sought, owner);
    const isById = [name, externalId, ownerId].every((each) => each == null);
    if (databaseId !== undefined && isById) return byId(loaders, databaseId);
    return findRegistry<Row>({ store, call }, kind, { databaseId, name, ownerId, externalId });
  };
}

function toId(sought: Sought, argument: OwnerArgument | 'databaseId'): bigint | undefined {
  const text = sought[argument];
  return text == null ? undefined : parseDatabaseId(text, argument);
}
