/** What is left of a column at least, if it was as wide. */
const LEAST = 8;

/**
 * Widths that together have room in `available`: the widest columns give way first, down to their headings. Where even
 * that is too much, the lines are longer than the terminal rather than empty.
 */
export function fitWidths(natural: readonly number[], headings: readonly number[], available: number): number[] {
  const widths = [...natural];
  const least = natural.map((width, index) => Math.min(width, Math.max(headings[index] ?? 0, LEAST)));
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    const widest = widestThatGives(widths, least);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestThatGives(widths: readonly number[], least: readonly number[]): number | undefined {
  const giving = widths
    .map((width, index) => ({ width, index }))
    .filter(({ width, index }) => width > (least[index] ?? 0));
  return giving.toSorted((a, b) => b.width - a.width)[0]?.index;
}
