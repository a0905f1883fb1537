import { cursorOfId, idInCursor } from './node-list.ts';
import { type Page, type PageArguments, toPageSize } from './page.ts';
import type { ListedNode } from './page-token.ts';

/** A page of the rows that belong to one key, by ascending id. */
export interface GroupRequest {
  readonly key: bigint;
  readonly count: number;
  readonly afterId: bigint;
}

/** The page that a list's arguments ask for. INVALID_ARGUMENT for a bad page size or cursor. */
export function toGroupRequest(key: bigint, page: PageArguments): GroupRequest {
  return { key, count: toPageSize(page), afterId: idInCursor(page.after) ?? 0n };
}

/** The page of the rows that came for {@link toGroupRequest}. */
export function toGroupPage<Node extends ListedNode>(
  { after }: PageArguments,
  nodes: readonly Node[],
  more: boolean,
): Page<Node> {
  return {
    rows: nodes,
    hasNextPage: more,
    hasPreviousPage: after != null,
    ...(after == null && !more && { totalCount: nodes.length }),
    cursorAt: (index) => cursorOfId(nodes[index] ?? {}),
  };
}
