import { RegistryError } from '../errors.ts';
import { parse } from '../generated/filter-query.js';

/** A constant in a filter. Integers are exact; `position` is 1-based, in UTF-16 code units. */
export type Literal = { readonly kind: 'literal'; readonly position: number } & (
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null }
);

/** A name such as `uri` or `contexts_a.id`, its parts without their backquotes; where a state is due, the state's. */
export interface Path {
  readonly kind: 'path';
  readonly segments: readonly string[];
  readonly position: number;
}

/** How two operands are compared. `<>` is `!=`, except that the engine takes no state after it. */
export type Comparison = '=' | '!=' | '<>' | '<' | '<=' | '>' | '>=';

/** The parts of an expression that have parts of their own; `position` is where the first of them is. */
type Compound = { readonly position: number } & (
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly values: readonly Expression[];
      readonly negated: boolean;
    }
  | {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly negated: boolean;
      /** Set for ILIKE, which the registry's language has. */
      readonly folded?: true;
    }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'is';
      readonly operand: Expression;
      readonly value: null | 'unknown' | boolean;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly operand: Expression }
  /** `name` in lower case; the grammar does not know which functions there are. */
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
);

/** A part of a filter; which kinds fit together is for the reader of the tree to check. */
export type Expression = Literal | Path | Compound;

/** Longest filter that is read, in UTF-16 code units; the parser is recursive. */
const MAX_LENGTH = 65_536;

/** Which language a filter is in: MLMD's own, or the registry's, which has ILIKE and `\%` besides. */
export type FilterLanguage = { readonly registry?: true };

/** Parses MLMD's filter_query. INVALID_ARGUMENT with the place and what was expected there. */
export function parseFilterQuery(text: string, language: FilterLanguage = {}): Expression {
  if (text.length > MAX_LENGTH) throw filterError(`longer than ${MAX_LENGTH} characters`, MAX_LENGTH + 1);
  const half = /\p{Surrogate}/u.exec(text);
  if (half) throw filterError('half of a surrogate pair', half.index + 1);
  try {
    return parse(text, language);
  } catch (error) {
    if (error instanceof RangeError) throw filterError('nested too deeply', 1);
    if (!isSyntaxError(error)) throw error;
    throw filterError(sentence(error.message), error.location.start.offset + 1);
  }
}

/** An error in a filter: what is wrong, and the 1-based place. */
export function filterError(problem: string, position: number): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', `filterQuery is wrong at character ${position}: ${problem}.`, {
    argument: 'filterQuery',
    position,
  });
}

/** The parser's "Expected a or b but c found." as the end of our sentence. */
function sentence(message: string): string {
  const [first = '', second = ''] = message;
  const begin = second === second.toLowerCase() ? first.toLowerCase() : first;
  return begin + message.slice(1).replace(/\.$/, '');
}

interface GrammarError extends Error {
  readonly location: { readonly start: { readonly offset: number } };
}

function isSyntaxError(error: unknown): error is GrammarError {
  return error instanceof Error && 'location' in error && error.location !== undefined;
}
