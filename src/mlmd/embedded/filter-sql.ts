import {
  type Comparison,
  type Filter,
  filterError,
  type Literal,
  type Operand,
  type Path,
} from '../../domain/filter-query.ts';
import { RegistryError } from '../../errors.ts';
import { Artifact_State, Execution_State } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { jsonList, type SqlValue } from './database.ts';
import type { NodeKind } from './node-kinds.ts';

/** A condition on a row of a node table `n`: constant SQL, and what to bind to its `?`. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What an attribute holds, which decides the literals that it can be compared with. */
type AttributeType = 'int' | 'string' | 'state';

interface Attribute {
  readonly column: string;
  readonly type: AttributeType;
}

/** One comparison of an attribute with values; IN has several. */
interface Test {
  readonly path: Path;
  readonly operator: Comparison | 'IN';
  readonly values: readonly (Literal | Path)[];
}

const COMMON: Readonly<Record<string, Attribute>> = {
  id: { column: 'n.id', type: 'int' },
  type_id: { column: 'n.type_id', type: 'int' },
  type: { column: 'type', type: 'string' },
  name: { column: 'n.name', type: 'string' },
  external_id: { column: 'n.external_id', type: 'string' },
  create_time_since_epoch: { column: 'n.create_time_since_epoch', type: 'int' },
  last_update_time_since_epoch: { column: 'n.last_update_time_since_epoch', type: 'int' },
};

const ATTRIBUTES: Readonly<Record<NodeKind<unknown>['table'], Readonly<Record<string, Attribute>>>> = {
  Artifact: { ...COMMON, uri: { column: 'n.uri', type: 'string' }, state: { column: 'n.state', type: 'state' } },
  Execution: { ...COMMON, last_known_state: { column: 'n.last_known_state', type: 'state' } },
  Context: COMMON,
};

const STATES: Readonly<Record<NodeKind<unknown>['table'], Readonly<Record<string, number>>>> = {
  Artifact: Artifact_State,
  Execution: Execution_State,
  Context: {},
};

/** Where a node's memberships in contexts lie. */
const MEMBERSHIP = { Artifact: 'Attribution', Execution: 'Association', Context: undefined } as const;

/**
 * The SQL of a filter. So far: attributes and `contexts_x.id`, compared by =, <, > and IN, joined by AND; all else is
 * UNIMPLEMENTED, and INVALID_ARGUMENT what can never be right.
 */
export function toCondition(kind: NodeKind<unknown>, filter: Filter): Condition {
  const tests = conjuncts(filter).map(toTest);
  const own = tests.filter(({ path }) => path.segments.length === 1);
  const joined = Map.groupBy(
    tests.filter(({ path }) => path.segments.length > 1),
    ({ path }) => path.segments[0]?.toLowerCase() ?? '',
  );
  return allOf([
    ...own.map((test) => attributeCondition(kind, test)),
    // All tests of one alias are on one and the same context.
    ...[...joined.values()].map((same) => contextCondition(kind, same)),
  ]);
}

/** The conditions joined by AND. */
export function allOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: 'TRUE', parameters: [] };
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.operands.flatMap(conjuncts) : [filter];
}

function toTest(filter: Filter): Test {
  if (filter.kind === 'in' && !filter.negated) {
    return { path: toPath(filter.operand), operator: 'IN', values: filter.values };
  }
  if (filter.kind !== 'compare' || !['=', '<', '>'].includes(filter.operator)) {
    throw unimplemented('a condition other than =, <, > and IN joined by AND');
  }
  if (filter.left.kind === 'literal') return { ...reversed(filter), values: [filter.left] };
  return { path: toPath(filter.left), operator: filter.operator, values: [toOperandValue(filter.right)] };
}

/** `5 < id` is `id > 5`. */
function reversed(filter: { readonly operator: Comparison; readonly right: Operand }) {
  const operators: Partial<Record<Comparison, Comparison>> = { '<': '>', '>': '<' };
  return { path: toPath(filter.right), operator: operators[filter.operator] ?? filter.operator };
}

function toPath(operand: Operand): Path {
  if (operand.kind === 'path') return operand;
  throw unimplemented('a condition without an attribute on its left');
}

function toOperandValue(operand: Operand): Literal | Path {
  if (operand.kind === 'call') throw unimplemented(`${operand.name}()`);
  return operand;
}

function attributeCondition(kind: NodeKind<unknown>, test: Test): Condition {
  const name = test.path.segments[0]?.toLowerCase() ?? '';
  const known = ATTRIBUTES[kind.table];
  const attribute = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!attribute) throw unknownName(test.path, Object.keys(known));
  const values = test.values.map((value) => toSqlValue(kind, attribute.type, value));
  if (name !== 'type') return comparison(attribute.column, test.operator, values);
  const type = comparison('name', test.operator, values);
  return { ...type, sql: `n.type_id IN (SELECT id FROM Type WHERE type_kind = ${kind.typeKind} AND ${type.sql})` };
}

function contextCondition(kind: NodeKind<unknown>, tests: readonly Test[]): Condition {
  const membership = MEMBERSHIP[kind.table];
  const inner = allOf(tests.map((test) => contextIdTest(test, membership !== undefined)));
  return {
    ...inner,
    sql: `n.id IN (SELECT ${kind.propertyKey} FROM ${membership} WHERE ${inner.sql})`,
  };
}

function contextIdTest(test: Test, hasContexts: boolean): Condition {
  const [alias = '', attribute = '', ...rest] = test.path.segments.map((segment) => segment.toLowerCase());
  const neighbourhood = /^(contexts|parent_contexts|child_contexts|events)_\w+$/.test(alias);
  if (!neighbourhood && !/^(custom_)?properties$/.test(alias)) throw unknownName(test.path, []);
  if (!hasContexts || !alias.startsWith('contexts_') || attribute !== 'id' || rest.length > 0) {
    throw unimplemented(`'${test.path.segments.join('.')}'`);
  }
  const values = test.values.map((value) => toInteger(test.path, value));
  return comparison('context_id', test.operator, values);
}

function comparison(
  column: string,
  operator: Test['operator'],
  values: readonly (bigint | number | string)[],
): Condition {
  if (operator !== 'IN') return { sql: `${column} ${operator} ?`, parameters: values };
  const list = jsonList(values.map((value) => (typeof value === 'number' ? BigInt(value) : value)));
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, parameters: [list] };
}

function toSqlValue(kind: NodeKind<unknown>, type: AttributeType, value: Literal | Path): bigint | number | string {
  if (type === 'state') return toState(kind, value);
  if (value.kind === 'literal' && type === 'string' && value.type === 'string') return value.value;
  if (value.kind === 'literal' && type === 'int' && value.type === 'int') return toInt64(value.value, value.position);
  if (value.kind === 'literal' && type === 'int' && value.type === 'double') return value.value;
  throw filterError(`expected ${type === 'int' ? 'a number' : 'a text in quotes'}`, value.position);
}

function toState(kind: NodeKind<unknown>, value: Literal | Path): bigint {
  const states = STATES[kind.table];
  // As for the engine, a state is a bare name: a text in quotes is none.
  const name = value.kind === 'path' ? value.segments.join('.') : '';
  const number = Object.hasOwn(states, name) ? states[name] : undefined;
  if (number === undefined) throw filterError(`expected one of ${Object.keys(states).join(', ')}`, value.position);
  return BigInt(number);
}

function toInteger(path: Path, value: Literal | Path): bigint {
  if (value.kind === 'literal' && value.type === 'int') return toInt64(value.value, value.position);
  throw filterError(`expected a whole number for '${path.segments.join('.')}'`, value.position);
}

function toInt64(value: bigint, position: number): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw filterError('this number does not fit into 64 bits', position);
}

function unknownName(path: Path, known: readonly string[]): RegistryError {
  const hint = known.length > 0 ? `; there are ${known.join(', ')}` : '';
  return filterError(`no attribute is named '${path.segments.join('.')}'${hint}`, path.position);
}

function unimplemented(what: string): RegistryError {
  return new RegistryError('UNIMPLEMENTED', `This store cannot filter by ${what} yet.`, { argument: 'filterQuery' });
}
