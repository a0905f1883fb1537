import type { RegistryRow } from '../domain/registry-fields.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { toStoredName } from '../domain/registry-names.ts';
import { isOwnedBy, needsOwner } from '../domain/registry-owner.ts';
import type { Row } from '../domain/row.ts';
import { RegistryError } from '../errors.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { NODE_RPCS } from './node-rpcs.ts';

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
export async function findRegistry<Node extends RegistryRow>(
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

async function lookUp(
  { store, call }: FindSource,
  kind: RegistryKindName,
  sought: FindArguments,
): Promise<Row | undefined> {
  const { node, type } = REGISTRY_KINDS[kind];
  const read = NODE_RPCS[node];
  const { databaseId, name, ownerId, externalId } = sought;
  const bare = { ...call, read: { properties: [] } };
  if (databaseId != null) return (await read.byIds(store, [databaseId], bare))[0];
  if (hasWholeName(kind, sought)) return read.byName(store, type, toStoredName(kind, name ?? '', ownerId ?? ''), bare);
  return (await read.byExternalIds(store, [externalId ?? ''], bare))[0];
}

/** Whether a context of a kind that has an owner is linked to one; to this one where it is named. */
async function isLinked(
  { store, call }: FindSource,
  kind: RegistryKindName,
  { id }: Row,
  ownerId: bigint | null | undefined,
): Promise<boolean> {
  if (!needsOwner(kind)) return true;
  const { contexts } = await store.getParentContextsByContext(
    { contextId: id ?? 0n },
    { ...call, read: { properties: [] } },
  );
  return isOwnedBy(kind, contexts, ownerId);
}
