import { stripVTControlCharacters } from 'node:util';

import stringWidth from 'string-width';

/** The line as it is where it fits into the terminal, or where stdout is none; else without its end, which is `…`. */
export function cutLine(line: string): string {
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  if (stringWidth(line) <= width) return line;
  // Its colours go: cutting between their codes would leave one switched on.
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(line))) {
    used += stringWidth(segment);
    if (used >= width) break;
    kept += segment;
  }
  return `${kept}…`;
}
