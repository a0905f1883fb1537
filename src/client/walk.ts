import type { CompletenessFieldsFragment } from '../generated/client-operations.ts';

/** How much of a walk over the lineage is asked for. */
export interface WalkOptions {
  /** Nodes at most, in all pages together; 10,000 where it is absent. */
  readonly limit?: number | undefined;
  /** Nodes of one request, up to 10,000; 1,000 where it is absent. */
  readonly pageSize?: number | undefined;
  /** The cursor of an earlier answer's `completeness`; everything else stays as it was. */
  readonly after?: string | null | undefined;
}

/** Whether a walk came to its end, and if not, why and how to go on. */
export type Completeness = CompletenessFieldsFragment;

interface WalkPage {
  readonly completeness: Completeness;
}

/** The pages of a walk up to the limit, or up to where a depth ends it, and how complete they are. */
export async function readWalk<Page extends WalkPage>(
  ask: (place: { readonly maxNodes: number; readonly after: string | null }) => Promise<Page>,
  sizeOf: (page: Page) => number,
  { limit = 10_000, pageSize = 1_000, after: start }: WalkOptions,
): Promise<{ readonly all: readonly Page[]; readonly completeness: Completeness }> {
  const all: Page[] = [];
  let after = start ?? null;
  for (let left = limit; ; ) {
    const page = await ask({ maxNodes: Math.min(pageSize, left), after });
    all.push(page);
    left -= sizeOf(page);
    const { completeness } = page;
    const { cursor, reason } = completeness;
    // Behind the depth that was asked for, the cursor would go on by as much again.
    if (cursor === null || reason === 'MAX_DEPTH' || left <= 0) {
      return { all, completeness: { ...completeness, withheld: all.some((each) => each.completeness.withheld) } };
    }
    after = cursor;
  }
}
