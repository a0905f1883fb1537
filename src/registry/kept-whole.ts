import type { Draft } from '../domain/draft.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import { declaredProperties } from '../domain/registry-types.ts';
import { changedRow, type Row } from '../domain/row.ts';
import type { Mistakes } from '../domain/user-error.ts';
import type { Work } from './change.ts';

/**
 * Tells what an MLMD server would not keep as it is: the largest doubles, and of a row that is there a field or custom
 * property that is changed beside another of its name, as the C++ engine writes both (docs/compatibility.md). Our own
 * store keeps all. The places of fields are given by `at`, by default their names.
 */
export function checkKept(
  { foreign }: Work,
  draft: Draft,
  before: Row | undefined,
  mistakes: Mistakes,
  at: (field: string) => string = (field) => field,
): void {
  if (!foreign) return;
  checkDoubles(draft, mistakes);
  if (before) checkTwins(draft, before, mistakes, at);
}

function checkDoubles({ fields, customProperties, propertyPlaces }: Draft, mistakes: Mistakes): void {
  for (const [field, stored] of fields) {
    if (typeof stored === 'object' && isLost(stored?.doubleValue)) mistakes.at(field).invalid(TOO_LARGE);
  }
  for (const [name, value] of customProperties) {
    if (!isLost(value?.doubleValue)) continue;
    mistakes.at(...(propertyPlaces.get(name) ?? []), 'value', 'doubleValue').invalid(TOO_LARGE);
  }
}

/** What is said of a double that {@link isLost}. */
export const TOO_LARGE = 'The MLMD server behind this gateway would make it infinite: it keeps 15 digits.';

/** Whether a double becomes infinite: the engine reads doubles with 15 digits, which may round up to more than there is. */
export function isLost(double: number | undefined): boolean {
  return double !== undefined && !Number.isFinite(Number(double.toPrecision(15)));
}

const CUSTOM = 'custom_properties.';
const DECLARED = 'properties.';

function checkTwins(draft: Draft, before: Row, mistakes: Mistakes, at: (field: string) => string): void {
  const { row, mask } = changedRow(before, draft);
  for (const path of mask) {
    if (path.startsWith(CUSTOM)) checkCustom(draft, row, path.slice(CUSTOM.length), mistakes);
    if (!path.startsWith(DECLARED)) continue;
    const name = path.slice(DECLARED.length);
    if (!before.customProperties.has(name)) continue;
    const twin = `The row has a custom property '${name}', which the MLMD server behind this gateway`;
    mistakes.at(at(fieldOf(draft, name))).invalid(`${twin} would change with it.`);
  }
}

/** One is set by a create only, so that no two changes at once can make twins; it goes where it has none. */
function checkCustom(draft: Draft, row: Row, name: string, mistakes: Mistakes): void {
  const isSet = row.customProperties.has(name);
  const isField = row.properties.has(name) || (isSet && declaredProperties(draft.kind).includes(name));
  if (!isField) return;
  const place = draft.propertyPlaces.get(name) ?? ['replaceCustomProperties'];
  const problem = isSet ? 'would mix it up with' : 'would take away with it';
  mistakes
    .at(...place)
    .invalid(`The MLMD server behind this gateway ${problem} the property '${name}' of the row itself.`);
}

function fieldOf({ kind }: Draft, property: string): string {
  const fields = Object.entries(REGISTRY_KINDS[kind].fields);
  return fields.find(([, { stored }]) => 'property' in stored && stored.property === property)?.[0] ?? property;
}
