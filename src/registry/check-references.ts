import type { Draft } from '../domain/draft.ts';
import { REGISTRY_KINDS, type RegistryKindName } from '../domain/registry-kinds.ts';
import { isOwnedBy } from '../domain/registry-owner.ts';
import type { Row } from '../domain/row.ts';
import type { Work } from './change.ts';
import type { Found } from './find-rows.ts';

/** Tells where a row that the draft refers to is not of the owner that the draft, or the row as it is, names beside it. */
export function checkReferences(
  { mistakes }: Work,
  { kind, references, fields }: Draft,
  found: readonly (Found | undefined)[],
  before?: Row,
): void {
  if (found.includes(undefined)) return; // told already
  for (const [index, reference] of references.entries()) {
    const ownedBy = idField(kind, reference.field)?.ownedBy;
    if (ownedBy === undefined) continue;
    const stored = fields.get(ownedBy) ?? before?.properties.get(propertyOf(kind, ownedBy));
    const ownerId = typeof stored === 'object' ? stored?.intValue : undefined;
    if (ownerId === undefined || isOwnedBy(reference.kind, found[index]?.parents ?? [], ownerId)) continue;
    const refersTo = idField(kind, ownedBy)?.refersTo;
    const noun = refersTo && REGISTRY_KINDS[refersTo].noun;
    mistakes.at(reference.field).invalid(`It does not belong to the ${noun} ${ownerId}.`);
  }
}

function idField(kind: RegistryKindName, name: string) {
  const field = REGISTRY_KINDS[kind].fields[name];
  return field?.as === 'id' ? field : undefined;
}

function propertyOf(kind: RegistryKindName, name: string): string {
  const stored = REGISTRY_KINDS[kind].fields[name]?.stored;
  return stored && 'property' in stored ? stored.property : '';
}
