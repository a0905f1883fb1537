import type { CompletenessFragment } from '../generated/cli-operations.ts';
import { CliError, EXIT, notFound } from './cli-error.ts';
import { progress } from './progress.ts';
import type { Session } from './session.ts';

interface WalkPage {
  readonly completeness: CompletenessFragment;
  readonly missing: readonly string[];
}

/** The flags of every command that walks over links. */
export interface WalkFlags {
  readonly depth?: number;
  readonly limit: number;
  readonly continue?: boolean;
}

/**
 * The page that a walk from the node gives, or with `--continue` all pages until nothing is left out. Rejects with a
 * CliError where there is no such node.
 */
export async function walkPages<Page extends WalkPage>(
  session: Session,
  node: string,
  flags: WalkFlags,
  read: (after: string | null) => Promise<Page>,
): Promise<readonly [Page, ...Page[]]> {
  const first = await read(null);
  if (first.missing.length > 0) throw notFound(`There is no node ${node}.`);
  const pages: [Page, ...Page[]] = [first];
  const bar = progress();
  let { complete, cursor } = first.completeness;
  while (flags.continue && !complete && cursor !== null) {
    bar.tell(`${pages.length} pages`);
    if (session.signal.aborted) throw new CliError('Interrupted.', EXIT.INTERRUPTED);
    const page = await read(cursor);
    pages.push(page);
    ({ complete, cursor } = page.completeness);
  }
  bar.done();
  return pages;
}
