import { type Expression, filterError } from '../../../domain/filter-query.ts';

import { type Condition, joined } from '../condition.ts';
import { toTyped } from './expression.ts';
import type { Neighbour } from './names.ts';
import type { Scope } from './scope.ts';
import { expectType, type Typed } from './typed.ts';

/** SQLite joins 64 tables at most. */
const MAX_TABLES = 60;

/**
 * A filter as a condition on a node's row. The engine joins every neighbour that a filter mentions, wherever it does,
 * and lists a node once: there have to be neighbours, one for each alias, for which the whole filter holds. So the tests
 * that AND joins fall into groups that share neighbours, and each group asks for its own neighbours.
 */
export function withNeighbours(scope: Scope, filter: Expression): Condition {
  if (filter.kind === 'literal' && filter.type === 'null') throw filterError('expected a condition', filter.position);
  const tests = conjuncts(filter).map((each) => expectType(toTyped(scope, each), 'bool'));
  return joined(groups(tests).flatMap(groupCondition), 'AND');
}

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

function groupCondition({ tests, neighbours }: Group): readonly Condition[] {
  if (neighbours.size === 0) return tests.map(withIndex);
  // What an index finds is looked up by itself, so that it can lead; one neighbour's tests may need nothing more.
  const leads = [...neighbours].flatMap((neighbour) => {
    const own = tests.filter((test) => !test.own && test.neighbours.size === 1 && test.neighbours.has(neighbour));
    if (!own.some(({ indexed }) => indexed !== undefined)) return [];
    return [{ tests: own, condition: neighbourQuery([neighbour], own, 'list') }];
  });
  const [only, ...others] = leads;
  if (only && others.length === 0 && only.tests.length === tests.length) return [only.condition];
  return [...leads.map(({ condition }) => condition), neighbourQuery([...neighbours], tests, 'exists')];
}

/** Nodes for which there are such neighbours: as a list of ids, or as a question to each node. */
function neighbourQuery(neighbours: readonly Neighbour[], tests: readonly Typed[], form: 'list' | 'exists'): Condition {
  const where = tests.map(withIndex);
  const text = where.map(({ sql }) => sql).join(' ');
  const tables = neighbours.map((neighbour) => tablesOf(neighbour, text));
  const count = tables.flat().length;
  if (count > MAX_TABLES)
    throw filterError('relates too many properties, contexts or events at once', tests[0]?.position ?? 1);
  const own = neighbours.map(({ condition, parameters, key }) => ({
    sql: form === 'list' ? condition : `${key} = n.id AND ${condition}`,
    parameters,
  }));
  const { sql, parameters } = joined([...own, ...where], 'AND');
  const from = tables.map((each) => each.join(' JOIN ')).join(' JOIN ');
  const select = form === 'list' ? neighbours.map(({ key }) => key).join() : '1';
  return { sql: `${form === 'list' ? 'n.id IN' : 'EXISTS'} (SELECT ${select} FROM ${from} WHERE ${sql})`, parameters };
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
