import { type ChangedRow, isChanged, type Row, setOrDelete } from '../row.ts';
import type { Described } from './node.ts';

/** The row with all that is said of it, in order; a new one of the type where there is none. What is not said stays. */
export function describedRow(
  before: Row | undefined,
  type: Pick<Row, 'typeId' | 'type'>,
  described: readonly Described[],
): ChangedRow {
  const properties = new Map(before?.properties);
  const customProperties = new Map(before?.customProperties);
  let row: Row = { ...(before ?? type), properties, customProperties };
  const mask: string[] = [];
  for (const each of described) {
    for (const [field, value] of attributesOf(each)) {
      if (value === undefined || !isChanged(row[field], value)) continue;
      row = { ...row, [field]: value };
      mask.push(field);
    }
    for (const [name, { value }] of each.properties) {
      if (setOrDelete(properties, name, value)) mask.push(`properties.${name}`);
    }
    for (const [name, { value }] of each.customProperties) {
      if (setOrDelete(customProperties, name, value)) mask.push(`custom_properties.${name}`);
    }
  }
  return { row, mask };
}

function attributesOf({ node, name, externalId, uri, state }: Described) {
  return [
    ['name', name],
    ['externalId', externalId],
    ['uri', uri],
    [node === 'Artifact' ? 'state' : 'lastKnownState', state],
  ] as const;
}
