import {
  type Comparison,
  type Expression,
  filterError,
  type Literal,
  type Path,
  parseFilterQuery,
} from './filter-query.ts';
import { boundedFilter } from './node-list.ts';
import { all, any, type Condition, type Constant, NOTHING, not, type TestOperator } from './registry-filter.ts';
import type { Named } from './registry-filter-names.ts';
import { createScope, type FilterScope } from './registry-filter-scope.ts';
import { toStoreOnly } from './registry-filter-store-only.ts';
import { comparison, likeness, membership, presence, type Refuse } from './registry-filter-values.ts';
import type { RegistryKindName } from './registry-kinds.ts';

/**
 * The condition in a `filterQuery`, in REST's grammar and MLMD's, also mixed. INVALID_ARGUMENT with the place of what is
 * wrong.
 */
export function parseRegistryFilter(kinds: readonly RegistryKindName[], text: string): Condition {
  boundedFilter(text);
  return conditionOf(createScope(kinds), parseFilterQuery(text, { registry: true }));
}

function conditionOf(scope: FilterScope, expression: Expression): Condition {
  switch (expression.kind) {
    case 'and':
      return all(expression.operands.map((each) => conditionOf(scope, each)));
    case 'or':
      return any(expression.operands.map((each) => conditionOf(scope, each)));
    case 'not':
      return not(conditionOf(scope, expression.operand));
    case 'literal':
      if (expression.type === 'bool') return { kind: 'constant', value: expression.value };
      throw filterError('expected a condition, not a value', expression.position);
    case 'path':
      return comparison(namedOrRefused(scope, expression), '=', true, refuseAt(expression));
    case 'compare':
      return compared(scope, expression) ?? toStoreOnly(scope, expression);
    case 'in':
    case 'like':
    case 'between':
      return tested(scope, expression) ?? toStoreOnly(scope, expression);
    case 'is':
      return isTest(scope, expression);
    case 'call':
      return toStoreOnly(scope, expression);
    case 'arithmetic':
    case 'sign':
      throw filterError('expected a condition, not a value', expression.position);
  }
}

type Kind<Name> = Extract<Expression, { readonly kind: Name }>;

const FLIPPED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '!=': '!=' } as const;

/** A named value and a constant, on either side; undefined for anything else. */
function compared(scope: FilterScope, { operator, left, right }: Kind<'compare'>): Condition | undefined {
  const plain = toOperator(operator);
  return sided(scope, left, plain, right) ?? sided(scope, right, FLIPPED[plain], left);
}

function sided(scope: FilterScope, side: Expression, operator: TestOperator, other: Expression): Condition | undefined {
  const named = side.kind === 'path' ? scope.named(side) : undefined;
  const constant = named && constantIn(named, other);
  return constant && named && comparison(named, operator, constant.value, refuseAt(other));
}

function toOperator(operator: Comparison): TestOperator {
  return operator === '<>' ? '!=' : operator;
}

/** IN, LIKE and BETWEEN of a named value and constants; undefined for anything else. */
function tested(scope: FilterScope, expression: Kind<'in' | 'like' | 'between'>): Condition | undefined {
  const { operand, negated } = expression;
  const named = operand.kind === 'path' ? scope.named(operand) : undefined;
  const others = othersOf(expression);
  const constants = named && others.flatMap((each) => constantIn(named, each) ?? []);
  if (!named || constants?.length !== others.length) return undefined;
  const refuse = refuseAt(others[0] ?? expression);
  const [first, second] = constants;
  switch (expression.kind) {
    case 'in':
      return membership(
        named,
        constants.map(({ value }) => value),
        negated,
        refuse,
      );
    case 'like':
      if (typeof first?.value !== 'string') throw refuse('LIKE takes a text in quotes');
      return likeness(named, first.value, { folded: expression.folded === true, negated }, refuse);
    case 'between': {
      if (!first || !second) return undefined;
      const ends = [
        comparison(named, negated ? '<' : '>=', first.value, refuse),
        comparison(named, negated ? '>' : '<=', second.value, refuse),
      ];
      return negated ? any(ends) : all(ends);
    }
  }
}

function othersOf(expression: Kind<'in' | 'like' | 'between'>): readonly Expression[] {
  if (expression.kind === 'in') return expression.values;
  return expression.kind === 'like' ? [expression.pattern] : [expression.low, expression.high];
}

/** The constant that stands here: a literal, or the bare name of a state where one is due. */
function constantIn(named: Named, expression: Expression): { readonly value: Constant } | undefined {
  if (expression.kind === 'path' && named.type === 'enum' && expression.segments.length === 1) {
    return { value: expression.segments[0] ?? '' };
  }
  return expression.kind === 'literal' ? { value: notNull(expression) } : undefined;
}

function notNull({ value, position }: Literal): Constant {
  if (value !== null) return value;
  throw filterError('nothing compares with NULL; write IS NULL or IS NOT NULL', position);
}

/** IS NULL of a name is its absence. A condition is never unknown: IS TRUE leaves it as it is. */
function isTest(scope: FilterScope, expression: Kind<'is'>): Condition {
  const { operand, value, negated } = expression;
  const turned = (condition: Condition) => (negated ? not(condition) : condition);
  const named = operand.kind === 'path' ? scope.named(operand) : undefined;
  if (typeof value === 'boolean') {
    if (named) return turned(comparison(named, '=', value, refuseAt(operand)));
    return turned(value ? conditionOf(scope, operand) : not(conditionOf(scope, operand)));
  }
  if (named) return turned(not(presence(named)));
  return value === null ? toStoreOnly(scope, expression) : turned(NOTHING);
}

function namedOrRefused(scope: FilterScope, path: Path): Named {
  const named = scope.named(path);
  if (named) return named;
  throw filterError('expected a condition', path.position);
}

function refuseAt({ position }: Expression): Refuse {
  return (problem) => filterError(problem, position);
}
