import type { Described, GivenProperty } from '../domain/record/node.ts';
import type { Plan, PlannedNode } from '../domain/record/plan.ts';
import { describedRow } from '../domain/record/row.ts';
import { type StoredType, typeKey } from '../domain/record/types.ts';
import type { Work } from './change.ts';
import { isLost, TOO_LARGE } from './kept-whole.ts';

/**
 * Tells what an MLMD server would not keep as it is: the largest doubles, and a property of a node that is there beside a
 * custom property of its name, or the other way round (docs/compatibility.md). Our own store keeps all.
 */
export function checkRecordKept(work: Work, plan: Plan, types: ReadonlyMap<string, StoredType>): void {
  if (!work.foreign) return;
  for (const node of [plan.execution, ...plan.artifacts, ...plan.contexts]) {
    for (const each of node.described) checkDoubles(work, each);
    if (node.before) checkTwins(work, node, types);
  }
}

function checkDoubles({ mistakes }: Work, { properties, customProperties }: Described): void {
  for (const { value, place } of [...properties.values(), ...customProperties.values()]) {
    if (isLost(value.doubleValue)) mistakes.at(...place, 'doubleValue').invalid(TOO_LARGE);
  }
}

function checkTwins(
  { mistakes }: Work,
  { before, described }: PlannedNode,
  types: ReadonlyMap<string, StoredType>,
): void {
  const { row, mask } = describedRow(before, {}, described);
  const changed = new Set(mask);
  const tell = ({ place }: GivenProperty, what: string) => {
    mistakes.at(...place).invalid(`The MLMD server behind this gateway would mix it up with the ${what} of its name.`);
  };
  for (const each of described) {
    const declared = types.get(typeKey(each))?.properties;
    for (const [name, given] of each.properties) {
      if (changed.has(`properties.${name}`) && row.customProperties.has(name)) tell(given, 'custom property');
    }
    for (const [name, given] of each.customProperties) {
      const isTwin = row.properties.has(name) || declared?.has(name);
      if (changed.has(`custom_properties.${name}`) && isTwin) tell(given, 'property');
    }
  }
}
