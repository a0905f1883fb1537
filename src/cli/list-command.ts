import { type Command, InvalidArgumentError } from 'commander';

import { examplesText } from './examples.ts';
import { type ListOptions, listPages, type Page, type PageVariables } from './list-pages.ts';
import type { Noun } from './output/field.ts';
import { showList } from './output/show.ts';
import { act, type Session } from './session.ts';

/** How many rows a list shows unless it is told otherwise. */
const DEFAULT_LIMIT = 50;

/** What a list needs to know of its noun. */
export interface ListCommand<Row, Options extends ListOptions> {
  readonly noun: Noun<Row>;
  readonly examples: readonly string[];
  /** A page of the list. */
  read(session: Session, variables: PageVariables, args: readonly string[], options: Options): Promise<Page<Row>>;
}

/** Makes of the command a list: its flags, and what it does. */
export function defineList<Row, Options extends ListOptions = ListOptions>(
  command: Command,
  { noun, examples, read }: ListCommand<Row, Options>,
): void {
  command
    .option('--limit <number>', 'how many rows to show at most', toCount, DEFAULT_LIMIT)
    .option('--all', 'show all rows, however many')
    .option('--filter <condition>', 'show only those for which it holds, such as "name LIKE \'bert%\'"')
    .addHelpText('after', examplesText(...examples));
  act<Options>(command, async (session, args, options) => {
    const rows = await listPages(session, options, noun.plural, (page) => read(session, page, args, options));
    await showList(noun, rows, session.format);
  });
}

/** A whole number above 0. Throws InvalidArgumentError. */
export function toCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it has to be a whole number above 0');
}
