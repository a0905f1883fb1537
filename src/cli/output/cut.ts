import { stripVTControlCharacters } from 'node:util';

import stringWidth from 'string-width';

/** The line as it is where it fits into the terminal, or where stdout is none; else without its end, which is `…`. */
export function cutLine(line: string): string {
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  if (stringWidth(line) <= width) return line;
  // Its colours go: cutting between their codes would leave one switched on.
  return `${head(charactersOf(stripVTControlCharacters(line)), width - 1)}…`;
}

/** The text, so wide at most: of a longer one the ends, with `…` between them. */
export function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = charactersOf(text);
  const back = Math.floor((width - 1) / 2);
  const end = head(characters.toReversed(), back);
  return `${head(characters, width - 1 - stringWidth(end))}…${charactersOf(end).toReversed().join('')}`;
}

/** As many of the characters as have room. */
function head(characters: readonly string[], width: number): string {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += stringWidth(character);
    return used > width;
  });
  return characters.slice(0, end === -1 ? undefined : end).join('');
}

/** What a reader takes for one character each, be it of several code points. */
function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
