import { CliError } from '../cli-error.ts';
import type { Format } from '../client-flags.ts';
import { cellText } from './cell.ts';
import type { Field, Noun } from './field.ts';

/** More about a row, as a list of its own below it. */
export interface Section<Part = unknown> {
  /** Its name in JSON and YAML. */
  readonly name: string;
  readonly heading: string;
  readonly fields: readonly Field<Part>[];
  readonly rows: readonly Part[];
  /** Said below where the section does not have all. */
  readonly more?: string | undefined;
}

/** A section, its fields and rows of one type. */
export function section<Part>(of: Section<Part>): Section {
  // Fields are only ever given the rows that they stand with.
  return of as Section;
}

/** Writes rows to stdout in the format asked for. */
export async function showList<Row>(noun: Noun<Row>, rows: readonly Row[], format: Format): Promise<void> {
  if (format === 'name') return writeLines([...new Set(rows.map((row) => noun.ref(row)))]);
  if (format !== 'table') return write(await dataText(format, noun.fields, rows));
  if (rows.length === 0) return console.error(`No ${noun.plural}.`);
  const { tableText } = await import('./table.ts');
  write(tableText(noun.fields, rows));
}

/** Writes one row with all that is known of it. */
export async function showOne<Row>(
  noun: Noun<Row>,
  row: Row,
  format: Format,
  sections: readonly Section[] = [],
): Promise<void> {
  if (format === 'name') return writeLines([noun.ref(row)]);
  if (format === 'csv') return write(await dataText('csv', noun.fields, [row]));
  if (format !== 'table') {
    const parts = sections.map(({ name, fields, rows }) => [name, rows.map((part) => toObject(fields, part))] as const);
    return showData({ ...toObject(noun.fields, row), ...Object.fromEntries(parts) }, format);
  }
  const { listText, tableText } = await import('./table.ts');
  const known = noun.fields.filter((field) => !isEmpty(field.of(row)));
  const pairs = known.map((field) => [label(field), cellText(field.of(row), field.as), field.as] as const);
  const below = sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ heading, fields, rows, more }) => `\n${heading}\n${tableText(fields, rows)}${more ? `\n${more}` : ''}`);
  write([listText(pairs), ...below].join('\n'));
}

/** Writes a value of any form as JSON or YAML; as a table it is JSON too. */
export async function showData(value: unknown, format: Format): Promise<void> {
  if (format !== 'yaml') return write(JSON.stringify(value, null, 2));
  const { stringify } = await import('yaml');
  write(stringify(value, { lineWidth: 0 }).trimEnd());
}

/** Writes to stdout, with the end of the line. */
export function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function dataText<Row>(format: Format, fields: readonly Field<Row>[], rows: readonly Row[]): Promise<string> {
  const objects = rows.map((row) => toObject(fields, row));
  if (format === 'json') return JSON.stringify(objects, null, 2);
  if (format === 'yaml') return (await import('yaml')).stringify(objects, { lineWidth: 0 }).trimEnd();
  if (format !== 'csv') throw new CliError(`There is no format ${format} here.`);
  const { stringify } = await import('csv-stringify/sync');
  return stringify(objects, { header: true, columns: fields.map(({ name }) => name), cast: CSV_CASTS }).trimEnd();
}

/** Lists and objects are JSON in a cell, as csv-stringify does it; truth is a word. */
const CSV_CASTS = { boolean: (value: boolean) => String(value) };

function toObject<Row>(fields: readonly Field<Row>[], row: Row): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, field.of(row) ?? null]));
}

function writeLines(lines: readonly string[]): void {
  if (lines.length > 0) write(lines.join('\n'));
}

/** `lastUpdateTime` as `Last update time`. */
function label<Row>({ name }: Field<Row>): string {
  if (name === 'id') return 'Global id';
  if (name === 'databaseId') return 'Id';
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
