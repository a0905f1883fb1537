import type { Artifact_State, Execution_State, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Draft } from './draft.ts';
import type { Stored } from './field-input.ts';
import { ARCHIVED_PROPERTY, REGISTRY_KINDS, type RegistryField, type RegistryKindName } from './registry-kinds.ts';

/** An artifact, execution or context: what they have in common, and what only some of them have. */
export interface Row {
  readonly id?: bigint | undefined;
  readonly name?: string | undefined;
  readonly typeId?: bigint | undefined;
  readonly type?: string | undefined;
  readonly externalId?: string | undefined;
  readonly uri?: string | undefined;
  readonly state?: Artifact_State | undefined;
  readonly lastKnownState?: Execution_State | undefined;
  readonly properties: Map<string, Value>;
  readonly customProperties: Map<string, Value>;
  readonly createTimeSinceEpoch?: bigint | undefined;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
}

/** What a new row is made of, besides its draft. */
export interface NewRow {
  readonly typeId: bigint;
  readonly storedName: string;
  /** The owner's id, and the name that people know it by. */
  readonly owner?: { readonly id: bigint; readonly name: string | undefined } | undefined;
  /** False leaves MLMD's own states out, where the draft says nothing of them. */
  readonly withState: boolean;
}

/** The row that a draft wants, with what its fields are at first. */
export function newRow(draft: Draft, { typeId, storedName, owner, withState }: NewRow): Row {
  const { type, fields, ownerProperty, nameProperties } = REGISTRY_KINDS[draft.kind];
  const empty: Row = { typeId, type, name: storedName, properties: new Map(), customProperties: new Map() };
  const initial = new Map(
    Object.entries(fields).flatMap(([name, field]): [string, Stored][] => {
      const stored = withState || 'property' in field.stored ? initially(field) : undefined;
      return stored === undefined ? [] : [[name, stored]];
    }),
  );
  const { row } = changedRow(empty, { ...draft, fields: new Map([...initial, ...draft.fields]) });
  if (ownerProperty !== undefined && owner) row.properties.set(ownerProperty, { intValue: owner.id });
  if (nameProperties) {
    row.properties.set(nameProperties.own, { stringValue: draft.name ?? '' });
    row.properties.set(nameProperties.owner, { stringValue: owner?.name ?? '' });
  }
  return row;
}

function initially(field: RegistryField): Stored | undefined {
  if (field.as !== 'enum' || field.initially === undefined) return undefined;
  const value = field.values[field.initially];
  return typeof value === 'string' ? { stringValue: value } : value;
}

/** A row, and which parts of it are not as they were. */
export interface ChangedRow {
  readonly row: Row;
  /** Paths of an `update_mask`; none where nothing changed. */
  readonly mask: readonly string[];
}

/** The row with what the draft changes. The name is not changed: names are not editable. */
export function changedRow(before: Row, draft: Draft): ChangedRow {
  const { kind, externalId, fields, customProperties } = draft;
  const properties = new Map(before.properties);
  const custom = new Map(before.customProperties);
  const attributes: Record<string, string | number | undefined> = {};
  const mask: string[] = [];
  for (const [name, value] of fields) {
    const stored = REGISTRY_KINDS[kind].fields[name]?.stored;
    if (stored && 'property' in stored) {
      if (setOrDelete(properties, stored.property, asValue(value))) mask.push(`properties.${stored.property}`);
    } else if (stored && isChanged(before[stored.attribute], value)) {
      attributes[stored.attribute] = asAttribute(value);
      mask.push(stored.column);
    }
  }
  const gone = draft.replacesCustomProperties ? [...custom.keys()].filter((name) => !customProperties.has(name)) : [];
  for (const [name, value] of [...gone.map((each) => [each, null] as const), ...customProperties]) {
    if (setOrDelete(custom, name, value)) mask.push(`custom_properties.${name}`);
  }
  if (externalId !== undefined && isChanged(before.externalId, externalId)) mask.push('external_id');
  const row = { ...before, ...attributes, properties, customProperties: custom };
  return { row: externalId === undefined ? row : { ...row, externalId: externalId ?? undefined }, mask };
}

function asValue(stored: Stored | null): Value | null {
  return typeof stored === 'object' ? stored : typeof stored === 'string' ? { stringValue: stored } : null;
}

function asAttribute(stored: Stored | null): string | number | undefined {
  return typeof stored === 'string' || typeof stored === 'number' ? stored : undefined;
}

/** Whether an attribute is not as it was: MLMD stores an absent uri as an empty one. */
export function isChanged(before: string | number | undefined, after: Stored | null): boolean {
  return (before === '' ? undefined : before) !== (after === '' || after === null ? undefined : after);
}

/** Sets the value, or removes it by null; gives whether that changes anything. */
export function setOrDelete(values: Map<string, Value>, name: string, value: Value | null): boolean {
  const before = values.get(name);
  if (value === null) return values.delete(name);
  if (before !== undefined && isSameValue(before, value)) return false;
  values.set(name, value);
  return true;
}

/** Whether two values, or two parts of structs, are equal; the order of keys does not count. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const ones = definedEntries(one);
  const others = new Map(definedEntries(other));
  return (
    ones.length === others.size && ones.every(([key, value]) => others.has(key) && isSameValue(value, others.get(key)))
  );
}

function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, each]) => each !== undefined);
}

/** Whether a row of this kind is archived. */
export function isArchived(kind: RegistryKindName, row: Row): boolean {
  const { archive, fields } = REGISTRY_KINDS[kind];
  if (archive === 'customProperty') return row.customProperties.get(ARCHIVED_PROPERTY)?.boolValue === true;
  const field = fields[archive.field];
  if (field?.as !== 'enum') return false;
  const { stored, values } = field;
  const now = 'property' in stored ? row.properties.get(stored.property)?.stringValue : row[stored.attribute];
  return now === values[archive.archived];
}
