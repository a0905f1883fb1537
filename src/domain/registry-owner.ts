import { REGISTRY_KINDS, type RegistryKindName } from './registry-kinds.ts';

/** As much as is looked at of a context that another is linked to. */
interface Parent {
  readonly id?: bigint | undefined;
  readonly type?: string | undefined;
}

/** Whether rows of the kind are there only once they are linked to an owner, which is a write of its own. */
export function needsOwner(kind: RegistryKindName): boolean {
  const { node, owners } = REGISTRY_KINDS[kind];
  return node === 'Context' && owners.length > 0;
}

/** Whether a context of the kind with these parents has an owner, or this one. Links tell it, whatever its name says. */
export function isOwnedBy(kind: RegistryKindName, parents: readonly Parent[], ownerId?: bigint | null): boolean {
  const types = REGISTRY_KINDS[kind].owners.map((owner) => REGISTRY_KINDS[owner].type);
  return parents.some(({ id, type = '' }) => types.includes(type) && (ownerId == null || id === ownerId));
}
