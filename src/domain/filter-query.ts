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

/** A name such as `uri` or `contexts_a.id`, its parts without their backticks. */
export interface Path {
  readonly kind: 'path';
  readonly segments: readonly string[];
  readonly position: number;
}

/** One side of a comparison. */
export type Operand =
  | Literal
  | Path
  | { readonly kind: 'call'; readonly name: 'lower' | 'upper'; readonly operand: Operand; readonly position: number };

/** How two operands are compared. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A parsed filter_query. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter; readonly position: number }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
      readonly position: number;
    }
  | {
      readonly kind: 'in';
      readonly operand: Operand;
      /** A bare name is the name of a state. */
      readonly values: readonly (Literal | Path)[];
      readonly negated: boolean;
      readonly position: number;
    }
  | {
      readonly kind: 'like';
      readonly operand: Operand;
      readonly pattern: Operand;
      readonly negated: boolean;
      readonly position: number;
    }
  | { readonly kind: 'null'; readonly operand: Operand; readonly negated: boolean; readonly position: number };

/** Longest filter that is read, in UTF-16 code units; the parser is recursive. */
const MAX_LENGTH = 65_536;

/** Parses MLMD's filter_query. INVALID_ARGUMENT with the place and what was expected there. */
export function parseFilterQuery(text: string): Filter {
  if (text.length > MAX_LENGTH) throw filterError(`longer than ${MAX_LENGTH} characters`, MAX_LENGTH + 1);
  try {
    return parse(text);
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
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}

interface GrammarError extends Error {
  readonly location: { readonly start: { readonly offset: number } };
}

function isSyntaxError(error: unknown): error is GrammarError {
  return error instanceof Error && 'location' in error && error.location !== undefined;
}
