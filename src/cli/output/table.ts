import Table from 'cli-table3';
import stringWidth from 'string-width';

import { cellText, painted } from './cell.ts';
import type { Field } from './field.ts';
import { fitWidths } from './fit-widths.ts';
import { paint } from './paint.ts';

/** Blanks between columns. */
const GAP = 2;

/** No lines around the cells: what is copied from a table is what it says. */
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, '']),
  ),
);

/** A table with a line for each row, cut to the terminal's width where stdout is one; a cell that was cut ends in `…`. */
export function tableText<Row>(fields: readonly Field<Row>[], rows: readonly Row[]): string {
  const columns = fields.filter(({ heading }) => heading !== undefined);
  const cells = rows.map((row) => columns.map((field) => cellText(field.of(row), field.as)));
  const headings = columns.map(({ heading = '' }) => heading);
  const natural = headings.map((heading, index) =>
    Math.max(...[heading, ...cells.map((line) => line[index] ?? '')].map(stringWidth)),
  );
  const widths = fitWidths(natural, headings.map(stringWidth), availableWidth(columns.length));
  return draw(
    [
      headings.map((heading) => paint('faint', heading)),
      ...cells.map((line) => line.map((text, index) => painted(text, columns[index]?.as))),
    ],
    widths,
    columns.map(({ as }) => (as === 'number' ? 'right' : 'left')),
  );
}

/** Two columns, names and values. A value that is longer than the line goes on in the next. */
export function listText(pairs: readonly (readonly [string, string])[]): string {
  const natural = [0, 1].map((column) => Math.max(0, ...pairs.map((pair) => stringWidth(pair[column] ?? ''))));
  const [first = 0, second = 0] = natural;
  const room = Math.max(20, availableWidth(2) - first);
  return draw(
    pairs.map(([name, value]) => [paint('faint', name), value]),
    [first, Math.min(second, room)],
    ['left', 'left'],
    true,
  );
}

function draw(
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  aligns: readonly ('left' | 'right')[],
  wordWrap = false,
): string {
  const table = new Table({
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) },
    colWidths: [...widths],
    colAligns: [...aligns],
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    wordWrap,
    wrapOnWordBoundary: false,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** What a terminal has for the cells of so many columns; without end where stdout is none. */
function availableWidth(columns: number): number {
  if (!process.stdout.isTTY) return Number.POSITIVE_INFINITY;
  return process.stdout.columns - GAP * (columns - 1);
}
