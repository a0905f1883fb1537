import type { NodeListRequest } from '../domain/node-list.ts';
import type { RegistryPage } from '../domain/page.ts';
import { encodePageToken, positionAfter } from '../domain/page-token.ts';
import type { RegistryRow } from '../domain/registry-fields.ts';
import { holds } from '../domain/registry-filter-check.ts';
import type { Branch } from '../domain/registry-filter-plan.ts';
import type { Call } from '../mlmd/store.ts';
import { countRows } from './count-rows.ts';
import { type MergedRow, mergeLists, type SlicedList } from './merged-list.ts';

/** Rows that the gateway looks at for one page at most. */
const MAX_SCANNED = 1_000;

/**
 * The page of a list that the store cannot give by itself: rows of several lists, in order and each once, of which those
 * count that pass what is left to check.
 */
export async function scannedPage(
  { order, position, options }: NodeListRequest,
  lists: readonly SlicedList<Branch>[],
): Promise<RegistryPage<RegistryRow>> {
  const size = options.maxResultSize;
  const isChecked = lists.some(({ key }) => key.rest);
  const seen: RegistryRow[] = [];
  /** Where the rows of the page stand among those that were seen. */
  const found: number[] = [];
  let hasNextPage = false;
  let isComplete = true;
  for await (const row of mergeLists(order, position, lists)) {
    if (isChecked && seen.length >= MAX_SCANNED) {
      hasNextPage = true;
      isComplete = found.length >= size;
      break;
    }
    const fits = passes(row);
    if (fits && found.length >= size) {
      hasNextPage = true;
      break;
    }
    if (fits) found.push(seen.length);
    seen.push(row[0].node);
  }
  const cursorBehind = (index: number) => encodePageToken(order, positionAfter(order, seen, index, position));
  return {
    rows: found.flatMap((index) => seen[index] ?? []),
    hasNextPage,
    hasPreviousPage: position !== undefined,
    cursorAt: (index) => cursorBehind(found[index] ?? 0),
    ...(isChecked && {
      scan: {
        scanned: seen.length,
        complete: isComplete,
        endCursor: seen.length === 0 ? undefined : cursorBehind(seen.length - 1),
      },
    }),
  };
}

/** How many rows such a list has, from its beginning to its end; null where that is too much. */
export function countScanned(
  { order }: NodeListRequest,
  lists: readonly SlicedList<Branch>[],
  call: Call,
): Promise<number | null> {
  return countRows(mergeLists(order, undefined, lists), passes, call);
}

/** True where a row is one that its lists were to give. */
export function passes(row: MergedRow<Branch>): boolean {
  return row.some(({ key: { rest }, node }) => rest === undefined || holds(rest, node));
}
