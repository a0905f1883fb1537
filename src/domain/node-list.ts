import {
  type ListOperationOptions,
  ListOperationOptions_OrderByField_Field as OrderField,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import { filterError } from './filter-query.ts';
import { type OrderArgument, type Page, type PageArguments, type Placing, toPageSize } from './page.ts';
import {
  decodePageToken,
  encodePageToken,
  type ListedNode,
  type ListOrder,
  type ListPosition,
  orderValue,
  positionAfter,
} from './page-token.ts';

/** The arguments of a list of nodes. */
export interface NodeListArguments extends PageArguments {
  readonly orderBy?: OrderArgument<keyof typeof FIELDS> | null | undefined;
  readonly filterQuery?: string | null | undefined;
}

const FIELDS = {
  ID: OrderField.ID,
  CREATE_TIME: OrderField.CREATE_TIME,
  LAST_UPDATE_TIME: OrderField.LAST_UPDATE_TIME,
} as const;

/** One page of a list of nodes, as it is asked for. */
export interface NodeListRequest {
  readonly options: ListOperationOptions & { readonly maxResultSize: number };
  readonly order: ListOrder;
  readonly position: ListPosition | undefined;
}

/** MLMD's list options for the arguments of a list. INVALID_ARGUMENT for a bad page size or cursor. */
export function toNodeListRequest(list: NodeListArguments): NodeListRequest {
  const order: ListOrder = {
    field: FIELDS[list.orderBy?.field ?? 'ID'],
    isAsc: list.orderBy?.direction !== 'DESC',
  };
  const position = list.after == null ? undefined : decodePageToken(order, list.after);
  return {
    order,
    position,
    options: {
      maxResultSize: toPageSize(list),
      orderByField: { field: order.field, isAsc: order.isAsc },
      // Made anew and not handed on: a cursor is the caller's, the store sees no other part of it than the place.
      nextPageToken: position && encodePageToken(order, position),
      filterQuery: boundedFilter(list.filterQuery),
    },
  };
}

/** Longest filter, and the most NOTs and parentheses in it: a deeper one ends the process of MLMD's C++ server. */
const MAX_FILTER_LENGTH = 65_536;
const MAX_FILTER_DEPTH = 500;

/** The text of a filter, or undefined for none. INVALID_ARGUMENT for one that is too long or too deep for a store. */
export function boundedFilter(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  if (text.length > MAX_FILTER_LENGTH) throw filterError(`it is longer than ${MAX_FILTER_LENGTH} characters`, 1);
  const nested = [...text.matchAll(/\(|\bnot\b|[-+~]/gi)][MAX_FILTER_DEPTH];
  if (nested) throw filterError(`it has more than ${MAX_FILTER_DEPTH} NOTs, signs and parentheses`, nested.index + 1);
  return text;
}

/** The page for MLMD's answer to `request`. */
export function toNodePage<Node extends ListedNode>(
  { order, position }: NodeListRequest,
  nodes: readonly Node[],
  nextPageToken: string | undefined,
): Page<Node> {
  return {
    rows: nodes,
    hasNextPage: Boolean(nextPageToken),
    hasPreviousPage: position !== undefined,
    cursorAt: (index) => encodePageToken(order, positionAfter(order, nodes, index, position)),
  };
}

const BY_ID: ListOrder = { field: OrderField.ID, isAsc: true };

/** The id in a cursor of a list by ascending id, or undefined for none. INVALID_ARGUMENT for another cursor. */
export function idInCursor(after: string | null | undefined): bigint | undefined {
  return after == null ? undefined : decodePageToken(BY_ID, after).value;
}

/** How nodes are placed in a list by ascending id. */
export function idPlacing<Node extends ListedNode>(): Placing<Node> {
  return {
    cursorOf: cursorOfId,
    isBehind(cursor) {
      const place = decodePageToken(BY_ID, cursor).value;
      return (node) => orderValue(BY_ID, node) > place;
    },
  };
}

/** The cursor behind a node in a list by ascending id. */
export function cursorOfId({ id = 0n }: ListedNode): string {
  return encodePageToken(BY_ID, { value: id, id, listedIds: [] });
}
