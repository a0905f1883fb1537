import { REGISTRY_KINDS, type RegistryKindName } from './registry-kinds.ts';

/** The name under which a row is stored: `7:v1` in its owner, `<uuid>:name` alone, plain where its kind has no owner. */
export function toStoredName(kind: RegistryKindName, name: string, prefix: bigint | string): string {
  return REGISTRY_KINDS[kind].owners.length === 0 ? name : `${prefix}:${name}`;
}

/** The name that people know, from the stored one; only what stands before the first colon is the prefix. */
export function toOwnName(kind: RegistryKindName, stored: string | undefined): string | undefined {
  if (stored === undefined || REGISTRY_KINDS[kind].owners.length === 0) return stored;
  const colon = stored.indexOf(':');
  return colon < 0 ? stored : stored.slice(colon + 1);
}

/** The id of the owner in a stored name; undefined where it has none. It is a hint: what is true is the link. */
export function toOwnerId(kind: RegistryKindName, stored: string | undefined): bigint | undefined {
  const [, digits] = /^(\d{1,19}):/.exec(stored ?? '') ?? [];
  if (digits === undefined || REGISTRY_KINDS[kind].owners.length === 0) return undefined;
  const id = BigInt(digits);
  return BigInt.asIntN(64, id) === id ? id : undefined;
}

/** The field of an input that names the owner, e.g. `registeredModelId`; undefined where the kind has none. */
export function ownerInput(kind: RegistryKindName): string | undefined {
  const { owners } = REGISTRY_KINDS[kind];
  const [owner] = owners;
  if (owner === undefined) return undefined;
  return owners.length > 1 ? 'parentId' : `${owner[0]?.toLowerCase()}${owner.slice(1)}Id`;
}

/** A stored property's name as REST and GraphQL write it: `model_version_id` -> `modelVersionId`. */
export function camelCase(property: string): string {
  return property.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
