import { requestText } from './request-text.ts';

/** The width of ZetaSQL's tab stops, by which it counts columns. */
const TAB = 8;

/**
 * Where in the request's filter query an engine's complaint `… [at LINE:COLUMN]` points to: 1-based, in UTF-16 code
 * units. Undefined where it tells none, or one beyond the first line.
 */
export function filterPosition(complaint: string, request: unknown): number | undefined {
  const [, line, column] = /\[at (\d+):(\d+)\]/.exec(complaint) ?? [];
  const filter = requestText(request, 'filterQuery');
  if (line !== '1' || column === undefined || filter === undefined) return undefined;
  return positionOf(filter, Number(column));
}

/** ZetaSQL counts characters, ours are UTF-16 code units; and a tab moves on to the next of its stops. */
function positionOf(firstLine: string, column: number): number {
  let position = 1;
  let width = 0;
  for (const character of firstLine) {
    if (width >= column - 1) break;
    width = character === '\t' ? (Math.floor(width / TAB) + 1) * TAB : width + 1;
    position += character.length;
  }
  return position;
}
