import type { Draft } from '../domain/draft.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { isOwnedBy } from '../domain/registry-owner.ts';
import type { Row } from '../domain/row.ts';
import type { Work } from './change.ts';
import type { Found } from './find-rows.ts';

/** Tells where a row that the draft refers to is not of the owner that the draft, or the row as it is, names beside it. */
export async function checkReferences(
  work: Work,
  { kind, references, fields }: Draft,
  found: readonly (Found | undefined)[],
  before?: Row,
): Promise<void> {
  if (found.includes(undefined)) return; // told already
  await Promise.all(
    references.map(async (reference) => {
      const ownedBy = idField(kind, reference.field)?.ownedBy;
      if (ownedBy === undefined) return;
      const stored = fields.get(ownedBy) ?? before?.properties.get(propertyOf(kind, ownedBy));
      const ownerId = typeof stored === 'object' ? stored?.intValue : undefined;
      if (ownerId === undefined || (await isOf(work, reference, ownerId))) return;
      const refersTo = idField(kind, ownedBy)?.refersTo;
      const noun = refersTo && REGISTRY_KINDS[refersTo].noun;
      work.mistakes.at(reference.field).invalid(`It does not belong to the ${noun} ${ownerId}.`);
    }),
  );
}

async function isOf(
  { rpcs, call }: Work,
  { id, kind }: { readonly id: bigint; readonly kind: RegistryKindName },
  ownerId: bigint,
): Promise<boolean> {
  const { contexts } = await rpcs.getParentContextsByContext({ contextId: id }, call);
  return isOwnedBy(kind, contexts, ownerId);
}

function idField(kind: RegistryKindName, name: string) {
  const field = REGISTRY_KINDS[kind].fields[name];
  return field?.as === 'id' ? field : undefined;
}

function propertyOf(kind: RegistryKindName, name: string): string {
  const stored = REGISTRY_KINDS[kind].fields[name]?.stored;
  return stored && 'property' in stored ? stored.property : '';
}
