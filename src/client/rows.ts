/** How much of a list is asked for. */
export interface ListOptions {
  /** Rows at most; all where it is absent. */
  readonly limit?: number | undefined;
  /** Rows of one request, from 1 to 100; 100 where it is absent. */
  readonly pageSize?: number | undefined;
}

/** What a list can be asked for, but for its pages, which the client turns. */
export type ListArguments<Variables> = Omit<Variables, 'first' | 'after'> & ListOptions;

/** The place of a page in its list. */
export interface PagePlace {
  readonly first: number;
  readonly after: string | null;
}

interface Page<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const LARGEST_PAGE = 100;

/** The rows of a list, page by page: the next page is asked for when its first row is. */
export async function* readRows<Row>(
  ask: (place: PagePlace) => Promise<Page<Row>>,
  { limit = Number.POSITIVE_INFINITY, pageSize = LARGEST_PAGE }: ListOptions,
): AsyncGenerator<Row, void, undefined> {
  let after: string | null = null;
  for (let left = limit; left > 0; ) {
    const { nodes, pageInfo }: Page<Row> = await ask({ first: Math.min(pageSize, left), after });
    yield* nodes;
    left -= nodes.length;
    // A page can be empty and not the last: the gateway may have looked at many rows that do not fit.
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return;
    after = pageInfo.endCursor;
  }
}
