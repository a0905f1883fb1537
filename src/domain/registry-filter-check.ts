import type { Artifact, Context, Execution, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import { fitsMarks } from './like.ts';
import {
  type Condition,
  type Constant,
  leavesOf,
  type Operand,
  type TestOperator,
  type ValueTest,
} from './registry-filter.ts';
import { registryKindOf } from './registry-kinds.ts';
import { toOwnName } from './registry-names.ts';

/** Any node that a row of the registry can be. */
export type RegistryRow = Artifact | Execution | Context;

/** Whether a condition holds for a row that has (at least) the properties which the condition names. */
export function holds(condition: Condition, row: RegistryRow): boolean {
  switch (condition.kind) {
    case 'constant':
      return condition.value;
    case 'all':
      return condition.of.every((each) => holds(each, row));
    case 'any':
      return condition.of.some((each) => holds(each, row));
    case 'not':
      return !holds(condition.of, row);
    case 'test':
      return passes(seenIn(condition.operand, row), condition.test);
    case 'storeOnly':
      throw new RangeError('Only the store can decide this part of a filter.');
  }
}

/** The names of the properties that {@link holds} looks at. */
export function propertiesIn(condition: Condition): readonly string[] {
  const names = leavesOf(condition).flatMap((leaf) =>
    leaf.kind === 'test' && leaf.operand.of === 'property' ? [leaf.operand.name] : [],
  );
  return [...new Set(names)];
}

type Seen = Constant | readonly string[] | undefined;

function seenIn(operand: Operand, row: RegistryRow): Seen {
  if (operand.of === 'ownName') {
    const kind = registryKindOf(row);
    return kind === undefined ? row.name : toOwnName(kind, row.name);
  }
  if (operand.of === 'attribute') return attributes(row)[operand.column];
  const values = operand.custom ? row.customProperties : row.properties;
  const value = values.get(operand.name);
  return value && READ[operand.kind](value, operand.name);
}

function attributes(row: RegistryRow): Readonly<Record<string, bigint | string | undefined>> {
  return {
    id: row.id,
    type_id: row.typeId,
    type: row.type,
    name: row.name,
    external_id: row.externalId,
    create_time_since_epoch: row.createTimeSinceEpoch,
    last_update_time_since_epoch: row.lastUpdateTimeSinceEpoch,
    ...('uri' in row && { uri: row.uri }),
    ...('state' in row && row.state !== undefined && { state: BigInt(row.state) }),
    ...('lastKnownState' in row &&
      row.lastKnownState !== undefined && { last_known_state: BigInt(row.lastKnownState) }),
  };
}

const READ = {
  int: ({ intValue }) => intValue,
  double: ({ doubleValue }) => doubleValue,
  string: ({ stringValue }) => stringValue,
  bool: ({ boolValue }) => boolValue,
  struct: ({ structValue }) => structValue && JSON.stringify(structValue, sorted),
  any: () => true,
  time: ({ stringValue }) => (/^-?\d{1,19}$/.test(stringValue ?? '') ? BigInt(stringValue ?? '') : undefined),
  list: ({ structValue }, name) => {
    const list: unknown = structValue?.[name];
    return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : undefined;
  },
} satisfies Record<string, (value: Value, name: string) => Seen>;

/** Fields by name, as the fields of a struct have no order. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function passes(seen: Seen, test: ValueTest): boolean {
  if (seen === undefined) return false;
  const each = typeof seen === 'object' ? seen : [seen];
  switch (test.is) {
    case 'present':
      return true;
    case 'compared':
      // Of a list `!=` is not «another one is in it», but «it is not in it».
      return test.operator === '!='
        ? each.every((value) => value !== test.value)
        : each.some((value) => compared(value, test.operator, test.value));
    case 'in':
      return each.some((value) => test.values.includes(value)) !== test.negated;
    case 'like':
      return each.some((value) => fitsMarks(String(value), test.marks, test.folded)) !== test.negated;
  }
}

function compared(left: Constant, operator: TestOperator, right: Constant): boolean {
  const order =
    typeof left === 'string' && typeof right === 'string' ? byCodePoints(left, right) : byValue(left, right);
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function byValue(left: Constant, right: Constant): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** As stores order texts: UTF-16, which JavaScript compares, has what is beyond U+FFFF in another place. */
function byCodePoints(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
