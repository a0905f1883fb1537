import { type Expression, filterError } from '../../../domain/filter-query.ts';

import { allOf, type Condition, joined } from '../condition.ts';
import type { NodeKind } from '../node-kinds.ts';
import { toTyped } from './expression.ts';
import type { Neighbour } from './names.ts';
import { createScope } from './scope.ts';
import { expectType, type Typed } from './typed.ts';

/** SQLite joins 64 tables at most. */
const MAX_TABLES = 60;

/** Alternatives that are looked up one by one; more of them would cost more to plan than to try on each node. */
const MAX_ALTERNATIVES = 8;

/**
 * A filter as a condition on a node's row. The engine joins every neighbour that a filter mentions, wherever it does,
 * and lists a node once: there have to be neighbours, one for each alias, for which the whole filter holds. So the tests
 * that AND joins fall into groups that share neighbours, and each group asks for its own neighbours.
 */
export function withNeighbours(kind: NodeKind<unknown>, filter: Expression, oneType = false): Condition {
  if (filter.kind === 'literal' && filter.type === 'null') throw filterError('expected a condition', filter.position);
  const scope = createScope(kind, oneType);
  const tests = conjuncts(filter).map((each) => expectType(toTyped(scope, each), 'bool'));
  const conditions = groups(tests).flatMap((group) => groupCondition(kind, group));
  const [lead, ...others] = conditions.filter(({ sql }) => sql.startsWith(LIST));
  const whole = joined(oneLeads(conditions), 'AND');
  if (!lead?.asked || others.length > 0) return whole;
  const { rows, each } = lead.asked;
  const asked = conditions.map((condition) => (condition === lead ? each : condition));
  return { ...whole, asked: { rows, each: joined(asked, 'AND') } };
}

/** SQLite would go through all pairs of what two lists have; so one list leads, and the others are only asked. */
function oneLeads(conditions: readonly Condition[]): readonly Condition[] {
  const lists = conditions.filter(({ sql }) => sql.startsWith(LIST));
  return conditions.map((each) =>
    each === lists[0] || !lists.includes(each) ? each : { ...each, sql: `+${each.sql}` },
  );
}

/** How a condition begins that gives the ids of nodes, and so can lead. */
const LIST = 'n.id IN (';

function conjuncts(filter: Expression): readonly Expression[] {
  return filter.kind === 'and' ? filter.operands.flatMap(conjuncts) : [filter];
}

interface Group {
  readonly tests: readonly Typed[];
  readonly neighbours: ReadonlySet<Neighbour>;
}

/** Tests with a neighbour in common, directly or through others, are in one group. */
function groups(tests: readonly Typed[]): readonly Group[] {
  let known: readonly Group[] = [];
  for (const test of tests) {
    const touched = known.filter(({ neighbours }) => [...test.neighbours].some((each) => neighbours.has(each)));
    const all = [...touched, { tests: [test], neighbours: test.neighbours }];
    const one = {
      tests: all.flatMap((group) => group.tests),
      neighbours: new Set(all.flatMap((group) => [...group.neighbours])),
    };
    known = [...known.filter((group) => !touched.includes(group)), one];
  }
  return known;
}

function groupCondition(kind: NodeKind<unknown>, { tests, neighbours }: Group): readonly Condition[] {
  if (neighbours.size === 0) return tests.map(withIndex);
  const alternatives = indexedAlternatives(tests);
  if (alternatives) return [anyOf(kind, alternatives, neighbours)];
  // What an index finds is looked up by itself, so that it can lead; one neighbour's tests may need nothing more.
  const leads = [...neighbours].flatMap((neighbour) => {
    const own = tests.filter((test) => !test.own && test.neighbours.size === 1 && test.neighbours.has(neighbour));
    return own.some(({ indexed }) => indexed !== undefined) ? [{ neighbour, own }] : [];
  });
  const lists = leads.map(({ neighbour, own }) => list(kind, [neighbour], own));
  const [only] = leads;
  if (only && leads.length === 1 && only.own.length === tests.length) {
    const canAsk = only.neighbour.keyed && tests.every(({ exact }) => exact);
    return canAsk ? lists.map((each) => ({ ...each, asked: askedFor(only.neighbour, tests) })) : lists;
  }
  const all = [...neighbours];
  return [...lists, all.every(({ keyed }) => keyed) ? question(all, tests) : list(kind, all, tests)];
}

/** What an OR is between, where an index finds each of it and they speak of different rows. */
function indexedAlternatives([test, ...others]: readonly Typed[]): readonly Typed[] | undefined {
  const alternatives = test?.alternatives ?? [];
  const rows = new Set(alternatives.map(({ neighbours: [neighbour] }) => neighbour));
  const fits = alternatives.every(({ indexed, neighbours }) => indexed !== undefined && neighbours.size <= 1);
  const found = others.length === 0 && fits && rows.size > 1 && alternatives.length <= MAX_ALTERNATIVES;
  return found && alternatives.every(({ own, neighbours }) => !own || neighbours.size === 0) ? alternatives : undefined;
}

/** One of the alternatives, each by its index; the neighbours of the others have to be there all the same. */
function anyOf(kind: NodeKind<unknown>, alternatives: readonly Typed[], neighbours: Group['neighbours']): Condition {
  const present = (neighbour: Neighbour) => (neighbour.keyed ? question([neighbour], []) : list(kind, [neighbour], []));
  const each = alternatives.map((test) => {
    const others = [...neighbours].filter((neighbour) => !test.neighbours.has(neighbour));
    return joined(
      [...groupCondition(kind, { tests: [test], neighbours: test.neighbours }), ...others.map(present)],
      'AND',
    );
  });
  const { sql, parameters } = joined(
    each.map((one) => ({ ...one, sql: `(${one.sql})` })),
    'OR',
  );
  return { sql: `(${sql})`, parameters };
}

/** The nodes with such neighbours, all of them at once: few, or there is no index to ask for each node. */
function list(kind: NodeKind<unknown>, neighbours: readonly Neighbour[], tests: readonly Typed[]): Condition {
  const [first, ...others] = neighbours.map(({ key }) => key);
  const withNode = tests.some(({ own }) => own);
  const keys = [...others, ...(withNode ? ['n.id'] : [])].map((key) => ({ sql: `${key} = ${first}`, parameters: [] }));
  const { sql, parameters } = neighbourRows(neighbours, tests, keys, withNode ? [`${kind.table} AS n`] : []);
  return { sql: `${LIST}SELECT ${first} FROM ${sql})`, parameters };
}

/** Whether a node has such neighbours, asked for each node: the list around it may need only a page of them. */
function question(neighbours: readonly Neighbour[], tests: readonly Typed[]): Condition {
  const keys = neighbours.map(({ key }) => ({ sql: `${key} = n.id`, parameters: [] }));
  const { sql, parameters } = neighbourRows(neighbours, tests, keys, []);
  return { sql: `EXISTS (SELECT 1 FROM ${sql})`, parameters };
}

/** The other way to ask for the nodes of a {@link list} of one neighbour, and the rows that tell which way is shorter. */
function askedFor(neighbour: Neighbour, tests: readonly Typed[]): NonNullable<Condition['asked']> {
  return { rows: neighbourRows([neighbour], tests, [], []), each: question([neighbour], tests) };
}

function neighbourRows(
  neighbours: readonly Neighbour[],
  tests: readonly Typed[],
  keys: readonly Condition[],
  moreTables: readonly string[],
): Condition {
  const where = tests.map(withIndex);
  const text = where.map(({ sql }) => sql).join(' ');
  const tables = [...neighbours.flatMap((neighbour) => tablesOf(neighbour, text)), ...moreTables];
  if (tables.length > MAX_TABLES) {
    throw filterError('relates too many properties, contexts or events at once', tests[0]?.position ?? 1);
  }
  const own = neighbours.flatMap(({ condition, parameters }) => (condition ? [{ sql: condition, parameters }] : []));
  const { sql, parameters } = allOf([...keys, ...own, ...where]);
  return { sql: `${tables.join(' JOIN ')} WHERE ${sql}`, parameters };
}

/** The edge alone where that is enough. */
function tablesOf({ table, far, near }: Neighbour, text: string): readonly string[] {
  if (far === undefined) return [table];
  const row = table.slice(table.lastIndexOf(' ') + 1);
  return near.length > 0 && !text.includes(`${row}f.`) ? [table] : [table, far];
}

function withIndex({ sql, parameters, indexed }: Typed): Condition {
  return { sql: indexed ? `${sql} AND ${indexed}` : sql, parameters };
}
