import { filterError } from './filter-query.ts';
import { all, any, type Condition, leavesOf, not, type StoreOnly } from './registry-filter.ts';
import { type Dialect, EXACT, looseDialect } from './registry-filter-dialect.ts';
import { toStoreText } from './registry-filter-text.ts';

/** One list of the store's, and what is left to check on its rows. */
export interface Branch {
  /** In MLMD's language; empty for all rows. */
  readonly text: string;
  /** What the store could not decide; absent where it decided everything. */
  readonly rest?: Condition;
  /** The parts of the text that the caller wrote in MLMD's language. */
  readonly storeOnly: readonly StoreOnly[];
}

/** Lists of the store's at most for one list of the registry. */
const MAX_BRANCHES = 8;

/**
 * The lists of the store whose rows, where they pass the rest, are together those that the condition holds for; none for
 * a condition that never holds. The store joins every property and neighbour that a text names, so an OR between rows
 * that differ in these is one list for each. `exact`: the store is our own, to which every text and name is just that.
 * INVALID_ARGUMENT where only the store could decide a part, and it cannot.
 */
export function planFilter(condition: Condition, { exact }: { readonly exact: boolean }): readonly Branch[] {
  const dialect = exact ? EXACT : looseDialect(namesIn(condition));
  if (!exact) checkTexts(dialect, condition);
  return pieces(dialect, normal(condition, false)).map((piece) => {
    if (piece.joins.size > MAX_JOINS) throw tooMany();
    return { text: piece.text, storeOnly: storeOnlyIn(piece.whole), ...(piece.rest && { rest: piece.rest }) };
  });
}

/** Nobody else could look at what only the store decides. */
function checkTexts(dialect: Dialect, condition: Condition): void {
  const odd = storeOnlyIn(condition)
    .flatMap(({ texts }) => texts)
    .find(({ value }) => !dialect.hasText(value));
  if (odd) throw filterError('the store does not take this text for what it is', odd.position);
}

/** Properties and neighbours in one list of the store's; SQLite joins 64 tables. */
const MAX_JOINS = 50;

function namesIn(condition: Condition): readonly string[] {
  return leavesOf(condition).flatMap((leaf) => {
    if (leaf.kind === 'storeOnly') return leaf.joins.map((join) => join.replace(/^(true|false)\./, ''));
    return leaf.operand.of === 'property' ? [leaf.operand.name] : [];
  });
}

/** The same condition, with NOT before its leaves only. */
function normal(condition: Condition, negated: boolean): Condition {
  switch (condition.kind) {
    case 'not':
      return normal(condition.of, !negated);
    case 'constant':
      return negated ? { kind: 'constant', value: !condition.value } : condition;
    case 'all':
    case 'any': {
      const parts = condition.of.map((each) => normal(each, negated));
      return (condition.kind === 'all') === negated ? any(parts) : all(parts);
    }
    default:
      return negated ? not(condition) : condition;
  }
}

/** A list of the store's in the making. */
interface Piece {
  readonly text: string;
  /** The properties and neighbours that its text names. */
  readonly joins: ReadonlySet<string>;
  readonly rest: Condition | undefined;
  /** All that holds for the rows it is to give. */
  readonly whole: Condition;
}

function pieces(dialect: Dialect, condition: Condition): readonly Piece[] {
  switch (condition.kind) {
    case 'constant':
      return condition.value ? [{ text: '', joins: new Set(), rest: undefined, whole: condition }] : [];
    case 'all':
      return product(condition.of.map((each) => pieces(dialect, each)));
    case 'any':
      return sum(
        condition,
        condition.of.flatMap((each) => pieces(dialect, each)),
      );
    case 'not':
      return [negation(dialect, condition)];
    case 'test': {
      const { text, exact } = toStoreText(dialect, condition);
      const { operand } = condition;
      const join = operand.of === 'property' && text !== '' ? [`${operand.custom}.${operand.name}`] : [];
      return [{ text, joins: new Set(join), rest: exact ? undefined : condition, whole: condition }];
    }
    case 'storeOnly':
      return [{ text: condition.text, joins: new Set(condition.joins), rest: undefined, whole: condition }];
  }
}

/** What is absent passes: only of the node's own row can the store tell that. */
function negation(dialect: Dialect, condition: Extract<Condition, { kind: 'not' }>): Piece {
  const { of } = condition;
  if (of.kind === 'storeOnly') return { ...storeNegation(of), whole: condition };
  if (of.kind === 'test' && of.operand.of !== 'property') {
    const { text, exact } = toStoreText(dialect, of);
    if (exact) return { text: `(${text}) IS NOT TRUE`, joins: new Set(), rest: undefined, whole: condition };
  }
  return unsaid(condition);
}

function storeNegation({ text, joins, position }: StoreOnly): Omit<Piece, 'whole'> {
  if (joins.some((join) => /^(true|false)\./.test(join))) {
    throw filterError('NOT of a function or sum of properties cannot be decided; compare them the other way', position);
  }
  return { text: `(${text}) IS NOT TRUE`, joins: new Set(joins), rest: undefined };
}

function unsaid(condition: Condition): Piece {
  return { text: '', joins: new Set(), rest: condition, whole: condition };
}

/** Every choice of one piece of each part; parts that would make too many are left to be checked. */
function product(parts: readonly (readonly Piece[])[]): readonly Piece[] {
  const single = parts.filter((part) => part.length === 1).flat();
  // What only the store can decide comes first, then what makes the fewest lists.
  const several = parts
    .filter((part) => part.length !== 1)
    .map((part) => ({ part, needed: needsStore(part) }))
    .sort((a, b) => Number(b.needed) - Number(a.needed) || a.part.length - b.part.length);
  let choices: readonly (readonly Piece[])[] = [[]];
  for (const { part } of several) {
    if (choices.length * part.length > MAX_BRANCHES) single.push(checked(any(part.map(({ whole }) => whole))));
    else choices = choices.flatMap((choice) => part.map((piece) => [...choice, piece]));
  }
  return choices.map((choice) => together([...single, ...choice]));
}

function together(parts: readonly Piece[]): Piece {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const rests = parts.flatMap(({ rest }) => rest ?? []);
  return {
    text: parts.flatMap(({ text }) => text || []).join(' AND '),
    joins: new Set(parts.flatMap(({ joins }) => [...joins])),
    rest: rests.length === 0 ? undefined : all(rests),
    whole: all(parts.map(({ whole }) => whole)),
  };
}

/** The pieces of an OR: those that name the same neighbours are one list, and too many are one that is checked. */
function sum(condition: Condition, parts: readonly Piece[]): readonly Piece[] {
  const everything = parts.find(({ text, rest }) => text === '' && rest === undefined);
  if (everything) return [everything];
  const groups = Map.groupBy(parts, groupOf);
  const lists = [...groups.values()].map(either);
  const isNarrow = lists.every(({ text }) => text !== '');
  return (lists.length <= MAX_BRANCHES && isNarrow) || needsStore(lists) ? few(lists) : [checked(condition)];
}

/** Those that the store decides are not mixed with others; what has to be checked beside what cannot be stays alone. */
function groupOf(piece: Piece): unknown {
  if (piece.rest && needsStore([piece])) return piece;
  return JSON.stringify([piece.rest === undefined, ...[...piece.joins].sort()]);
}

function either(group: readonly Piece[]): Piece {
  const [first] = group;
  if (group.length === 1 && first) return first;
  const whole = any(group.map((piece) => piece.whole));
  const isNarrow = group.every(({ text }) => text !== '');
  return {
    text: isNarrow ? `(${group.map(({ text }) => `(${text})`).join(' OR ')})` : '',
    joins: first?.joins ?? new Set(),
    rest: first?.rest && whole,
    whole,
  };
}

function few(lists: readonly Piece[]): readonly Piece[] {
  if (lists.length > MAX_BRANCHES) throw tooMany();
  return lists;
}

function checked(condition: Condition): Piece {
  const [first] = storeOnlyIn(condition);
  if (first) {
    throw filterError(
      'this stands in more alternatives than the store can be asked for; have fewer ORs',
      first.position,
    );
  }
  return unsaid(condition);
}

function needsStore(parts: readonly Piece[]): boolean {
  return parts.some(({ whole }) => storeOnlyIn(whole).length > 0);
}

function storeOnlyIn(condition: Condition): readonly StoreOnly[] {
  return leavesOf(condition).filter((leaf) => leaf.kind === 'storeOnly');
}

function tooMany() {
  return filterError(`it names more than ${MAX_JOINS} properties and neighbours, or has too many alternatives`, 1);
}
