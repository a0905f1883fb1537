import { ANY_CHARACTER, type Mark } from './like.ts';

/** What can be said to a store so that it means what it says. */
export interface Dialect {
  /** Whether a property of this name can be named. */
  hasName(name: string): boolean;
  /** Whether a text is compared as it is. */
  hasText(text: string): boolean;
  /** The parts of a pattern that a store takes, with any character in place of one that it does not; `same` if none. */
  pattern(marks: readonly Mark[]): { readonly marks: readonly Mark[]; readonly same: boolean };
}

/** Our own store: every name and text is just that. */
export const EXACT: Dialect = {
  hasName: isStorable,
  hasText: isStorable,
  pattern: (marks) => withSafe(marks, isStorable),
};

/**
 * MLMD's C++ engine, which writes texts and names into its SQL in double quotes, where they may turn out to be columns,
 * finds names by regular expressions, and makes small letters of them. What is not known to be safe is not said; see
 * docs/filter.md.
 */
export function looseDialect(names: readonly string[]): Dialect {
  return {
    hasName: (name) =>
      SAFE_NAME.test(name) &&
      !/[A-Z]/.test(name) &&
      !COLUMNS.has(name) &&
      !names.some((other) => isMistaken(name, other)),
    hasText: (text) => isStorable(text) && !UNSAFE_TEXT.test(text) && !COLUMNS.has(text.toLowerCase()),
    pattern(marks) {
      const safe = withSafe(marks, (character) => SAFE_CHARACTER.test(character));
      const text = safe.marks.map((mark) => (typeof mark === 'string' ? mark : '_')).join('');
      return COLUMNS.has(text.toLowerCase())
        ? { marks: [...safe.marks.slice(0, -1), ANY_CHARACTER], same: false }
        : safe;
    },
  };
}

/** No U+0000, which ends a text, and no half of a surrogate pair, which cannot be sent. */
function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

function withSafe(marks: readonly Mark[], isSafe: (character: string) => boolean) {
  const safe = marks.map((mark) =>
    typeof mark !== 'string' || (isSafe(mark) && !'%_'.includes(mark)) ? mark : ANY_CHARACTER,
  );
  return { marks: safe, same: safe.every((mark, index) => mark === marks[index]) };
}

const SAFE_NAME = /^[a-z0-9_ ./:@\-\p{L}]+$/u;
const SAFE_CHARACTER = /^[A-Za-z0-9/:\p{L}]$/u;

/** Backslashes, control characters, double quotes, and what looks like a test of a state or a path to the engine. */
const UNSAFE_TEXT =
  /["\\\p{Cc}]|^$|(state|type)\s*(=|!=|<>|\bin\b|\bnot\b)|(properties|_)\w*\s*\.|(contexts|events|artifacts|executions)_/iu;

/** A point in a name is any character to the engine. */
function isMistaken(name: string, other: string): boolean {
  if (name === other) return false;
  const likeness = (one: string, two: string) =>
    one.length === two.length &&
    Array.from(one).every((character, index) => character === '.' || character === two[index]);
  return likeness(name, other) || likeness(other, name);
}

/** Every column of MLMD's tables, and SQLite's own. */
const COLUMNS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'version',
  'type_kind',
  'description',
  'input_type',
  'output_type',
  'external_id',
  'type_id',
  'data_type',
  'parent_type_id',
  'uri',
  'state',
  'create_time_since_epoch',
  'last_update_time_since_epoch',
  'artifact_id',
  'is_custom_property',
  'int_value',
  'double_value',
  'string_value',
  'byte_value',
  'proto_value',
  'bool_value',
  'last_known_state',
  'execution_id',
  'context_id',
  'parent_context_id',
  'type',
  'milliseconds_since_epoch',
  'event_id',
  'is_index_step',
  'step_index',
  'step_key',
  'schema_version',
  'rowid',
  'oid',
  '_rowid_',
]);
