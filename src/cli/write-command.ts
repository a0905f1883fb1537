import type { Command } from 'commander';

import type { TypedDocument } from '../client/typed-document.ts';
import { CliError, EXIT, notFound } from './cli-error.ts';
import type { Noun } from './output/field.ts';
import { showData, showOne, write } from './output/show.ts';
import type { Session } from './session.ts';

/** Whether to change anything at all. */
export interface WriteOptions {
  readonly dryRun?: boolean;
}

/** What every change answers. */
export interface Payload<Row> {
  readonly row: Row | null;
  /** Of what may also have found the row: whether it was made. */
  readonly created?: boolean | null;
  readonly userErrors: readonly {
    readonly code: string;
    readonly field: readonly string[] | null;
    readonly message: string;
    readonly databaseId: string | null;
  }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Adds the flag that every command has which changes something. */
export function withDryRun(command: Command): Command {
  return command.option('--dry-run', 'show what would be sent, and change nothing');
}

/**
 * Makes a change, or shows it for a dry run; writes what became of the row. `done` is the verb: `Created`; a change that
 * tells whether it made the row may also have changed one that was there.
 */
export async function change<Row, Variables>(
  session: Session,
  { dryRun = false }: WriteOptions,
  document: TypedDocument<{ readonly payload: Payload<Row> }, Variables>,
  variables: Variables,
  noun: Noun<Row>,
  done: string,
): Promise<void> {
  if (dryRun) return await showRequest(session, document, variables);
  const { payload } = await session.ask(document, variables);
  const row = madeRow(payload);
  if (session.format === 'table') write(`${payload.created === false ? 'Changed' : done} ${noun.ref(row)}.`);
  else await showOne(noun, row, session.format);
}

/** Shows the request that a command would send: as a table, the document with its variables below. */
export async function showRequest(session: Session, document: string, variables: unknown): Promise<void> {
  const { format } = session;
  if (format === 'json' || format === 'yaml') return await showData({ query: document, variables }, format);
  const [, operation = 'a query'] = /^\s*((?:query|mutation|subscription)\s+\w+)/.exec(document) ?? [];
  write(`Would send ${operation} with ${JSON.stringify(variables, null, 2)}`);
}

/** The row that a change left. Warnings go to stderr. Throws a CliError where the change was refused. */
export function madeRow<Row>({ row, userErrors, warnings }: Payload<Row>): Row {
  const [first, ...others] = userErrors;
  if (first) {
    const place = first.field?.length ? ` (${first.field.join('.')})` : '';
    const more = others.map(({ message }) => ` ${message}`).join('');
    const told = `${first.message}${place}${more} Nothing was changed.`;
    if (first.code === 'NOT_FOUND') throw notFound(told);
    throw new CliError(told, first.code === 'INVALID_VALUE' ? EXIT.WRONG_USAGE : EXIT.FAILED);
  }
  for (const { message } of warnings) console.error(`modelgraph: ${message}`);
  if (row === null) throw new CliError('The change was made before, but what it made is gone.');
  return row;
}
