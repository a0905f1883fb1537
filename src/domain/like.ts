/**
 * SQLite's LIKE, which is the engine's: `%` is any text, `_` one character, nothing escapes them, and the case of A to Z
 * does not matter. The time it takes is bounded by the product of the lengths.
 */
export function isLike(text: string, pattern: string): boolean {
  const characters = [...folded(text)];
  const marks = [...folded(pattern)];
  let at = 0;
  let mark = 0;
  // Where to go on if the rest does not fit: the last `%` takes one character more.
  let percent = -1;
  let retry = 0;
  while (at < characters.length) {
    if (marks[mark] === '%') {
      percent = mark;
      retry = at;
      mark += 1;
    } else if (mark < marks.length && (marks[mark] === '_' || marks[mark] === characters[at])) {
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
  return marks.slice(mark).every((each) => each === '%');
}

function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
