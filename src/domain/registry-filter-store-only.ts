import { type Expression, filterError, type Literal, type Path } from './filter-query.ts';
import type { StoreOnly, StoreOnlyText } from './registry-filter.ts';
import type { Named } from './registry-filter-names.ts';
import { quotedName, quotedNumber, quotedText } from './registry-filter-quote.ts';
import type { FilterScope } from './registry-filter-scope.ts';

/** A test with neighbours, functions or sums in MLMD's language. INVALID_ARGUMENT for what that cannot say. */
export function toStoreOnly(scope: FilterScope, expression: Expression): StoreOnly {
  const joins = new Set<string>();
  const texts: StoreOnlyText[] = [];
  const text = written({ scope, joins, texts }, expression);
  if ((text.match(/\(/g)?.length ?? 0) > MAX_PARENTHESES) throw filterError('nested too deeply', expression.position);
  return { kind: 'storeOnly', text, joins: [...joins], texts, position: expression.position };
}

/** A deeper one ends the process of MLMD's C++ server. */
const MAX_PARENTHESES = 500;

interface Writing {
  readonly scope: FilterScope;
  readonly joins: Set<string>;
  readonly texts: StoreOnlyText[];
}

function written(writing: Writing, expression: Expression): string {
  const part = (each: Expression) => written(writing, each);
  const list = (each: readonly Expression[], between: string) => each.map(part).join(between);
  switch (expression.kind) {
    case 'literal':
      if (expression.type === 'string') writing.texts.push(expression);
      return literal(expression);
    case 'path':
      return path(writing, expression);
    case 'and':
    case 'or':
      return `(${list(expression.operands, expression.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${part(expression.operand)})`;
    case 'compare':
      return `(${part(expression.left)} ${expression.operator} ${value(writing, expression.left, expression.right)})`;
    case 'in': {
      const values = expression.values.map((each) => value(writing, expression.operand, each));
      return `(${part(expression.operand)} ${no(expression)}IN (${values.join(', ')}))`;
    }
    case 'like':
      if (expression.folded) throw filterError('ILIKE is for one name and a text', expression.position);
      return `(${part(expression.operand)} ${no(expression)}LIKE ${part(expression.pattern)})`;
    case 'between': {
      const { operand, low, high } = expression;
      return `(${part(operand)} ${no(expression)}BETWEEN ${part(low)} AND ${part(high)})`;
    }
    case 'is':
      return `(${part(expression.operand)} IS ${no(expression)}${String(expression.value).toUpperCase()})`;
    case 'arithmetic':
      return `(${part(expression.left)} ${expression.operator} ${part(expression.right)})`;
    case 'sign':
      return `(${expression.operator} ${part(expression.operand)})`;
    case 'call':
      if (!/^\w+$/.test(expression.name)) throw filterError('expected the name of a function', expression.position);
      return `${expression.name}(${list(expression.operands, ', ')})`;
  }
}

function no({ negated }: { readonly negated: boolean }): string {
  return negated ? 'NOT ' : '';
}

function literal(expression: Literal): string {
  if (expression.type === 'string') return quotedText(expression.value);
  if (expression.type === 'double' && !Number.isFinite(expression.value)) {
    throw filterError('this number is too large', expression.position);
  }
  const { value } = expression;
  return typeof value === 'bigint' || typeof value === 'number' ? quotedNumber(value) : String(value).toUpperCase();
}

/** The bare name of a state or an event's type, behind a field of a neighbour that has such. */
function value(writing: Writing, left: Expression, right: Expression): string {
  const field = left.kind === 'path' && !writing.scope.named(left) ? left.segments[1] : undefined;
  const [word = ''] = right.kind === 'path' && right.segments.length === 1 ? right.segments : [];
  const isState = ['type', 'state', 'last_known_state'].includes(field ?? '') && /^[A-Z_]+$/.test(word);
  return isState ? word : written(writing, right);
}

function path({ scope, joins }: Writing, expression: Path): string {
  const named = scope.named(expression);
  if (!named) {
    const [alias = '', column = ''] = expression.segments;
    joins.add(alias.toLowerCase());
    return `${alias}.${column}`;
  }
  const { custom, name, field } = columnOf(named, expression);
  if (name === undefined) return field;
  joins.add(`${custom}.${name}`);
  return `${custom ? 'custom_properties' : 'properties'}.${quotedName(name)}.${field}`;
}

const FIELDS = {
  int: 'int_value',
  double: 'double_value',
  string: 'string_value',
  time: 'string_value',
  bool: 'bool_value',
} as const;

function columnOf(named: Named, { segments, position }: Path) {
  if (named.type !== 'open') {
    const { operand } = named;
    if (operand.of === 'attribute') return { custom: false, name: undefined, field: operand.column };
    if (operand.of === 'property' && operand.kind in FIELDS) {
      const { custom, name, kind } = operand;
      return { custom, name, field: FIELDS[kind as keyof typeof FIELDS] };
    }
    throw filterError(`'${segments.join('.')}' cannot stand here; it is compared with constants only`, position);
  }
  throw filterError(
    `'${segments.join('.')}' stands here without its kind of value: a text stands in quotes, and a property has one of ` +
      `${Object.values(FIELDS).slice(0, 3).join(', ')} and bool_value behind it`,
    position,
  );
}
