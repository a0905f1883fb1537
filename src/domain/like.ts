/** A part of a LIKE pattern: any text, one character, or this character. */
export type Mark = typeof ANY_TEXT | typeof ANY_CHARACTER | string;

/** Any text, also none. */
export const ANY_TEXT = Symbol('%');

/** Any one character. */
export const ANY_CHARACTER = Symbol('_');

/**
 * SQLite's LIKE, which is the engine's: `%` is any text, `_` one character, nothing escapes them, and the case of A to Z
 * does not matter. The time it takes is bounded by the product of the lengths.
 */
export function isLike(text: string, pattern: string): boolean {
  return fitsMarks(text, Array.from(pattern, toMark));
}

/** As {@link isLike}, with a pattern that was read already. `folded`: the case of no letter matters. */
export function fitsMarks(text: string, pattern: readonly Mark[], folded = false): boolean {
  const fold = folded ? foldedCharacter : foldedLetter;
  const characters = Array.from(text, fold);
  const marks = pattern.map((mark) => (typeof mark === 'string' ? fold(mark) : mark));
  let at = 0;
  let mark = 0;
  // Where to go on if the rest does not fit: the last `%` takes one character more.
  let percent = -1;
  let retry = 0;
  while (at < characters.length) {
    if (marks[mark] === ANY_TEXT) {
      percent = mark;
      retry = at;
      mark += 1;
    } else if (mark < marks.length && (marks[mark] === ANY_CHARACTER || marks[mark] === characters[at])) {
      at += 1;
      mark += 1;
    } else if (percent >= 0) {
      retry += 1;
      at = retry;
      mark = percent + 1;
    } else {
      return false;
    }
  }
  return marks.slice(mark).every((each) => each === ANY_TEXT);
}

/** The parts of a pattern in which a backslash takes the meaning from `%`, `_` and itself. */
export function toMarks(pattern: string): readonly Mark[] {
  return Array.from(pattern.matchAll(/\\([\\%_])|./gsu), ([part, escaped]) => escaped ?? toMark(part));
}

function toMark(character: string): Mark {
  return character === '%' ? ANY_TEXT : character === '_' ? ANY_CHARACTER : character;
}

function foldedLetter(character: string): string {
  return character >= 'A' && character <= 'Z' ? character.toLowerCase() : character;
}

/** One character stays one, and none beyond ASCII becomes one of ASCII: the store narrows by the letters of ASCII. */
function foldedCharacter(character: string): string {
  const lower = character.toLowerCase();
  const alike = [...lower].length === 1 && isAscii(lower) === isAscii(character);
  return alike ? lower : character;
}

function isAscii(character: string): boolean {
  return character < '\x80';
}
