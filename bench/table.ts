import { availableParallelism } from 'node:os';

import { ROUNDS, SMOKE } from './rounds.ts';

/** Prints a table in Markdown, its first column to the left and the others to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(1, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => pad(cell, widths[i] ?? 0, i)).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  console.log([line(head), line(rule), ...rows.map(line)].join('\n'));
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** Prints what is measured, and on what. */
export function printTitle(title: string, how = `median of ${ROUNDS} interleaved rounds`): void {
  const machine = `Node ${process.version}, ${availableParallelism()} cores`;
  const rounds = SMOKE ? 'smoke run: the times mean nothing' : how;
  console.log(`\n${title}\n${new Date().toISOString().slice(0, 10)}, ${machine}; ${rounds}\n`);
}

/** Milliseconds, as a cell. */
export function milliseconds(value: number): string {
  return value.toFixed(2);
}

/** A ratio, as a cell. */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)} x`;
}
