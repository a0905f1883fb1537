import type { Mark } from './like.ts';

/** The kinds of value that a property of MLMD's can have, but for messages. */
export type ValueKind = 'int' | 'double' | 'string' | 'bool' | 'struct';

/**
 * What a test looks at. `ownName` is the name without the id of the owner. A property is looked at as a value of one
 * kind (`any`: whatever it is), as a `time` (a text of milliseconds), or as the `list` in its struct; where it is of
 * another kind, it is absent.
 */
export type Operand =
  | { readonly of: 'ownName' }
  | { readonly of: 'attribute'; readonly column: string; readonly kind: 'int' | 'string' }
  | {
      readonly of: 'property';
      readonly custom: boolean;
      readonly name: string;
      readonly kind: ValueKind | 'any' | 'time' | 'list';
      /** True where the type declares the property as a text, so that no struct stands in its column. */
      readonly sure?: true;
    };

/** A value that is compared with. */
export type Constant = bigint | number | string | boolean;

/** How two values are compared. */
export type TestOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What is asked of a value; an absent one passes no test. Of a list, one element has to pass it. */
export type ValueTest =
  | { readonly is: 'present' }
  | { readonly is: 'compared'; readonly operator: TestOperator; readonly value: Constant }
  /** Equal to one of them; negated: present, and equal to none. */
  | { readonly is: 'in'; readonly values: readonly Constant[]; readonly negated: boolean }
  /** Fits the pattern; negated: present, and does not. `folded`: letters beyond ASCII are alike in both cases too. */
  | { readonly is: 'like'; readonly marks: readonly Mark[]; readonly folded: boolean; readonly negated: boolean };

/** A test of one value. */
export interface Test {
  readonly kind: 'test';
  readonly operand: Operand;
  readonly test: ValueTest;
}

/** A text in a filter, and where it stands. */
export interface StoreOnlyText {
  readonly value: string;
  readonly position: number;
}

/** A condition that only the store can decide: on neighbours, and with functions and sums. */
export interface StoreOnly {
  readonly kind: 'storeOnly';
  /** In MLMD's language. */
  readonly text: string;
  /** The neighbours and properties that it names, which have to be there. */
  readonly joins: readonly string[];
  /** The texts that it compares with, which a store has to take for what they are. */
  readonly texts: readonly StoreOnlyText[];
  /** Where it begins in `filterQuery`. */
  readonly position: number;
}

/**
 * What both `where` and `filterQuery` become. Its logic has two values: a test of what is absent is false, and so its
 * negation is true.
 */
export type Condition =
  | Test
  | StoreOnly
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** Never holds. */
export const NOTHING: Condition = { kind: 'constant', value: false };

/** Holds where each of these does. */
export function all(conditions: readonly Condition[]): Condition {
  return joined('all', conditions);
}

/** Holds where one of these does. */
export function any(conditions: readonly Condition[]): Condition {
  return joined('any', conditions);
}

/** Holds where this does not. */
export function not(condition: Condition): Condition {
  return { kind: 'not', of: condition };
}

/** Lists in lists are one list, so that a long one is not a deep one. */
function joined(kind: 'all' | 'any', conditions: readonly Condition[]): Condition {
  const of = conditions.flatMap((each) => (each.kind === kind ? each.of : [each]));
  const [only] = of;
  return of.length === 1 && only ? only : { kind, of };
}

/** Every part of a condition that has no parts, in order. */
export function leavesOf(condition: Condition): readonly (Test | StoreOnly)[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf);
    case 'not':
      return leavesOf(condition.of);
    case 'constant':
      return [];
    default:
      return [condition];
  }
}
