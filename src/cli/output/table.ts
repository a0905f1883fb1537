import Table, { type Cell } from 'cli-table3';
import stringWidth from 'string-width';

import { cellText, painted } from './cell.ts';
import { cutMiddle } from './cut.ts';
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
      ...cells.map((line) => line.map((text, index) => shown(text, columns[index], widths[index] ?? 0))),
    ],
    widths,
    columns.map(({ as }) => (as === 'number' ? 'right' : 'left')),
  );
}

/** Names are cut in the middle: what tells them apart stands at their ends. The library cuts all else at the end. */
function shown<Row>(text: string, field: Field<Row> | undefined, width: number): string {
  return painted(field?.as === 'name' || field?.as === 'path' ? cutMiddle(text, width) : text, field?.as);
}

/** Two columns, names and values. A value that is longer than the line goes on in the next. */
export function listText(pairs: readonly (readonly [name: string, value: string, as: string | undefined])[]): string {
  const names = Math.max(0, ...pairs.map(([name]) => stringWidth(name)));
  const room = Math.max(20, availableWidth(2) - names);
  const values = Math.min(room, Math.max(0, ...pairs.map(([, value]) => stringWidth(value))));
  return draw(
    pairs.map(([name, value, as]) => {
      // The library breaks lines between any two characters, within the code of a colour too.
      const fits = stringWidth(value) <= values;
      return [
        paint('faint', name),
        fits
          ? painted(value, as)
          : { content: value, wordWrap: true, wrapOnWordBoundary: hasShortWords(value, values) },
      ];
    }),
    [names, values],
    ['left', 'left'],
  );
}

function hasShortWords(text: string, width: number): boolean {
  return text.split(' ').every((word) => stringWidth(word) <= width);
}

function draw(
  rows: readonly (readonly Cell[])[],
  widths: readonly number[],
  aligns: readonly ('left' | 'right')[],
): string {
  const table = new Table({
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) },
    colWidths: [...widths],
    colAligns: [...aligns],
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
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
