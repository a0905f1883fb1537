import { ARCHIVED_PROPERTY, REGISTRY_KINDS, registryKindOf } from '../domain/registry-kinds.ts';
import { isArchived, isChanged, isSameValue, type Row } from '../domain/row.ts';
import type { Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** What writing a node would change of what is stored. */
export interface NodeChanges {
  /** True where it would be taken out of use, or back. */
  readonly archives: boolean;
  /** True where anything else would change. */
  readonly updates: boolean;
}

/** Attributes, with their names in an `update_mask`. What a message leaves out of them goes, as far as they are written. */
const ATTRIBUTES = {
  name: 'name',
  externalId: 'external_id',
  uri: 'uri',
  state: 'state',
  lastKnownState: 'last_known_state',
} as const satisfies Readonly<Partial<Record<keyof Row, string>>>;

/** What a write of `after` would change of `before`; with a mask only what it names counts. */
export function changesOf(before: Row, after: Row, mask: readonly string[] | undefined): NodeChanges {
  const written = mask?.length ? new Set(mask) : undefined;
  const touches = (path: string) => !written || written.has(path) || written.has(path.split('.')[0] ?? '');
  const changed = [
    ...Object.entries(ATTRIBUTES).flatMap(([name, column]) => {
      const [old, now] = [before[name as keyof typeof ATTRIBUTES], after[name as keyof typeof ATTRIBUTES]];
      return touches(column) && !isKept(column, old, now) ? [column] : [];
    }),
    ...changedValues('properties', before.properties, after.properties).filter(touches),
    ...changedValues('custom_properties', before.customProperties, after.customProperties).filter(touches),
  ];
  const mark = archiveMarkOf(before);
  const kind = registryKindOf(before);
  const archives = kind !== undefined && changed.includes(mark) && isArchived(kind, before) !== isArchived(kind, after);
  const updates = changed.some((path) => !archives || path !== mark) || (!archives && setsTime(before, after));
  return { archives, updates };
}

/** Whether the store sets the time of the last update for what a message says, as MLMD's own does: written or not. */
function setsTime(before: Row, after: Row): boolean {
  const compared = [...Object.keys(ATTRIBUTES), 'type'] as (keyof typeof ATTRIBUTES | 'type')[];
  const isTold = 'systemMetadata' in after && after.systemMetadata !== undefined;
  return isTold || compared.some((name) => after[name] !== before[name]);
}

/** A name stays where a message has none, and an empty text is stored as none. */
function isKept(column: string, old: string | number | undefined, now: string | number | undefined): boolean {
  return !isChanged(old, now ?? null) || (column === 'name' && now === undefined);
}

/** The part of a row that says whether it is archived, as a path of a mask. */
function archiveMarkOf(row: Row): string {
  const kind = registryKindOf(row);
  if (!kind) return '';
  const { archive, fields } = REGISTRY_KINDS[kind];
  if (archive === 'customProperty') return `custom_properties.${ARCHIVED_PROPERTY}`;
  const stored = fields[archive.field]?.stored;
  return stored && 'property' in stored ? `properties.${stored.property}` : (stored?.column ?? '');
}

function changedValues(
  name: string,
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => (isSameValue(before.get(key), after.get(key)) ? [] : [`${name}.${key}`]));
}
