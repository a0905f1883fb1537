/** The sorts of mistakes in a change, as GraphQL names them. */
export type UserErrorCode =
  | 'NAME_TAKEN'
  | 'EXTERNAL_ID_TAKEN'
  | 'NOT_FOUND'
  | 'INVALID_VALUE'
  | 'CONFLICT'
  | 'KEY_REUSED'
  | 'IDEMPOTENCY_UNSUPPORTED';

/** Why a change was not made, so that its caller can mend it. */
export interface UserError {
  readonly code: UserErrorCode;
  /** The place in the input, from the outside in; null where it has none. */
  readonly field: readonly string[] | null;
  readonly message: string;
  /** The MLMD id of what is in the way, in digits. */
  readonly databaseId: string | null;
}

/** Ends a change that cannot be made; whatever it wrote has to be undone. */
export class Refusal extends Error {
  readonly userErrors: readonly UserError[];

  constructor(userErrors: readonly UserError[]) {
    super(userErrors.map(({ message }) => message).join(' '));
    this.name = 'Refusal';
    this.userErrors = userErrors;
  }
}

/** Collects what is wrong with an input, so that all of it is told at once. */
export interface Mistakes {
  /** What was found so far, at all places. */
  readonly found: readonly UserError[];
  /** The same collection, for what lies further inside. */
  at(...place: readonly string[]): Mistakes;
  add(code: UserErrorCode, message: string, databaseId?: bigint): void;
  /** Adds what another collection has, with its places as they are. */
  addAll(others: readonly UserError[]): void;
  /** An `INVALID_VALUE`. */
  invalid(message: string): void;
}

/** A collection that begins with the given mistakes. */
export function createMistakes(before: readonly UserError[] = []): Mistakes {
  return collectAt([], [...before]);
}

function collectAt(place: readonly string[], found: UserError[]): Mistakes {
  const add: Mistakes['add'] = (code, message, databaseId) => {
    found.push({ code, field: place.length > 0 ? place : null, message, databaseId: databaseId?.toString() ?? null });
  };
  return {
    found,
    add,
    addAll: (others) => void found.push(...others),
    at: (...inside) => collectAt([...place, ...inside], found),
    invalid: (message) => add('INVALID_VALUE', message),
  };
}
