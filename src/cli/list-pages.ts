import { CliError, EXIT } from './cli-error.ts';
import { progress } from './progress.ts';
import type { Session } from './session.ts';

/** A page as the gateway gives it. */
export interface Page<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number | null;
}

/** Which rows of a list are wanted. */
export interface ListOptions {
  readonly limit: number;
  readonly all?: boolean;
  readonly filter?: string;
}

/** The variables of each operation that lists. */
export interface PageVariables {
  readonly first: number;
  readonly after: string | null;
  readonly filter: string | null;
}

/** The most that the gateway puts on a page. */
const PAGE_SIZE = 100;

/**
 * The rows of as many pages as it takes, all of them or up to the limit; where that leaves any out, a line on stderr says
 * so. `read` gives undefined where what the list belongs to is not there.
 */
export async function listPages<Row>(
  { signal }: Session,
  { limit, all = false, filter }: ListOptions,
  plural: string,
  read: (variables: PageVariables) => Promise<Page<Row>>,
): Promise<Row[]> {
  const wanted = all ? Number.POSITIVE_INFINITY : limit;
  const rows: Row[] = [];
  const bar = progress();
  let after: string | null = null;
  let total: number | null = null;
  let more = true;
  while (more && rows.length < wanted) {
    if (signal.aborted) throw new CliError('Interrupted.', EXIT.INTERRUPTED);
    const page: Page<Row> = await read({
      first: Math.min(PAGE_SIZE, wanted - rows.length),
      after,
      filter: filter ?? null,
    });
    rows.push(...page.nodes);
    total ??= page.totalCount;
    after = page.pageInfo.endCursor;
    more = page.pageInfo.hasNextPage;
    if (more) bar.tell(`${rows.length}${total === null ? '' : ` of ${total}`} ${plural}`);
  }
  bar.done();
  if (more) sayMore(rows.length, total, plural);
  return rows;
}

function sayMore(shown: number, total: number | null, plural: string): void {
  const of = total === null ? '' : ` of ${total}`;
  console.error(`The first ${shown}${of} ${plural}; --all shows all of them, --limit N the first N.`);
}
