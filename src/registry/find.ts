import { REGISTRY_KINDS, type RegistryKindName, type RegistryNode } from '../domain/registry-kinds.ts';
import { toStoredName } from '../domain/registry-names.ts';
import { isOwnedBy, needsOwner } from '../domain/registry-owner.ts';
import { RegistryError } from '../errors.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import type { AnyNode } from './node-lists.ts';

/** By what a row is looked for; ids are MLMD's. */
export interface FindArguments {
  readonly databaseId?: bigint | null | undefined;
  /** The name without its owner's id; the owner goes with it where the kind has one. */
  readonly name?: string | null | undefined;
  readonly ownerId?: bigint | null | undefined;
  /** It is not looked at where there is a whole name, nor is half of a name where there is this. */
  readonly externalId?: string | null | undefined;
}

/** Where to look, and until when. */
export interface FindSource {
  readonly store: MetadataStore;
  readonly call: Call;
}

/**
 * The one row of a kind with this id, name or external id, or null. A version, run or service that is linked to no owner
 * is not there; neither is, by name, an artifact that has no owner. INVALID_ARGUMENT where not just one of them is given.
 */
export async function findRegistry<Node extends AnyNode>(
  source: FindSource,
  kind: RegistryKindName,
  sought: FindArguments,
): Promise<Node | null> {
  checkArguments(kind, sought);
  const node = await lookUp(source, kind, sought);
  const { type } = REGISTRY_KINDS[kind];
  if (
    node?.type !== type ||
    !(await isLinked(source, kind, node, hasWholeName(kind, sought) ? sought.ownerId : undefined))
  )
    return null;
  // The kind says which of MLMD's nodes it is.
  return node as Node;
}

function checkArguments(kind: RegistryKindName, sought: FindArguments): void {
  const { noun, owners } = REGISTRY_KINDS[kind];
  const { databaseId, name, ownerId, externalId } = sought;
  const others = [name, ownerId, externalId].some((each) => each != null);
  if (databaseId == null ? hasWholeName(kind, sought) || externalId != null : !others) return;
  const owner = owners.length > 0 ? ' with the id of its owner' : '';
  throw new RegistryError(
    'INVALID_ARGUMENT',
    `A ${noun} is found by its databaseId alone, by its name${owner}, or by its externalId.`,
    { argument: name == null ? 'databaseId' : 'name' },
  );
}

/** A name goes with the id of its owner, or with none where the kind has none. */
function hasWholeName(kind: RegistryKindName, { name, ownerId }: FindArguments): boolean {
  return name != null && (ownerId != null) === REGISTRY_KINDS[kind].owners.length > 0;
}

function lookUp(
  { store, call }: FindSource,
  kind: RegistryKindName,
  sought: FindArguments,
): Promise<AnyNode | undefined> {
  const { node, type } = REGISTRY_KINDS[kind];
  const read = READS[node];
  const { databaseId, name, ownerId, externalId } = sought;
  const bare = { ...call, read: { properties: [] } };
  if (databaseId != null) return read.byId(store, databaseId, bare);
  if (hasWholeName(kind, sought)) return read.byName(store, type, toStoredName(kind, name ?? '', ownerId ?? ''), bare);
  return orNothing(read.byExternalId(store, externalId ?? '', bare));
}

/** Whether a context of a kind that has an owner is linked to one; to this one where it is named. */
async function isLinked(
  { store, call }: FindSource,
  kind: RegistryKindName,
  { id }: AnyNode,
  ownerId: bigint | null | undefined,
): Promise<boolean> {
  if (!needsOwner(kind)) return true;
  const { contexts } = await store.getParentContextsByContext(
    { contextId: id ?? 0n },
    { ...call, read: { properties: [] } },
  );
  return isOwnedBy(kind, contexts, ownerId);
}

interface NodeReads {
  byId(store: MetadataStore, id: bigint, call: Call): Promise<AnyNode | undefined>;
  byName(store: MetadataStore, typeName: string, name: string, call: Call): Promise<AnyNode | undefined>;
  byExternalId(store: MetadataStore, externalId: string, call: Call): Promise<AnyNode | undefined>;
}

const READS: Readonly<Record<RegistryNode, NodeReads>> = {
  Artifact: {
    byId: async (store, id, call) => (await store.getArtifactsById({ artifactIds: [id] }, call)).artifacts[0],
    byName: async (store, typeName, artifactName, call) =>
      (await store.getArtifactByTypeAndName({ typeName, artifactName }, call)).artifact,
    byExternalId: async (store, externalId, call) =>
      (await store.getArtifactsByExternalIds({ externalIds: [externalId] }, call)).artifacts[0],
  },
  Execution: {
    byId: async (store, id, call) => (await store.getExecutionsById({ executionIds: [id] }, call)).executions[0],
    byName: async (store, typeName, executionName, call) =>
      (await store.getExecutionByTypeAndName({ typeName, executionName }, call)).execution,
    byExternalId: async (store, externalId, call) =>
      (await store.getExecutionsByExternalIds({ externalIds: [externalId] }, call)).executions[0],
  },
  Context: {
    byId: async (store, id, call) => (await store.getContextsById({ contextIds: [id] }, call)).contexts[0],
    byName: async (store, typeName, contextName, call) =>
      (await store.getContextByTypeAndName({ typeName, contextName }, call)).context,
    byExternalId: async (store, externalId, call) =>
      (await store.getContextsByExternalIds({ externalIds: [externalId] }, call)).contexts[0],
  },
};

/** MLMD answers NOT_FOUND where no external id is known, and INVALID_ARGUMENT for an empty one, which none has. */
async function orNothing(answer: Promise<AnyNode | undefined>): Promise<AnyNode | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RegistryError && ['NOT_FOUND', 'INVALID_ARGUMENT'].includes(error.code)) return undefined;
    throw error;
  }
}
