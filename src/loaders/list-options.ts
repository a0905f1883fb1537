import { MAX_ID } from '../domain/ids.ts';
import { encodePageToken, type ListOrder } from '../domain/page-token.ts';
import {
  type ListOperationOptions,
  ListOperationOptions_OrderByField_Field as OrderField,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** Where a walk over a list by id stands: behind the id, going up, or down where the newest come first. */
export interface Place {
  readonly behind: bigint;
  readonly newestFirst: boolean;
}

/** Rows in one page of a list: MLMD gives no more. */
export const PAGE = 100;

/** A walk begins here. */
export function beginning(afterId: bigint, newestFirst: boolean): Place {
  return { behind: newestFirst ? MAX_ID : afterId, newestFirst };
}

/** MLMD's list options for the rows behind a place that meet all conditions. */
export function listOptions(conditions: readonly string[], maxResultSize: number, place: Place): ListOperationOptions {
  const { behind, newestFirst } = place;
  const order: ListOrder = { field: OrderField.ID, isAsc: !newestFirst };
  const atBeginning = newestFirst ? behind === MAX_ID : behind <= 0n;
  return {
    maxResultSize,
    orderByField: order,
    nextPageToken: atBeginning ? undefined : encodePageToken(order, { value: behind, id: behind, listedIds: [] }),
    filterQuery: conditions.length === 0 ? undefined : conditions.join(' AND '),
  };
}

/**
 * The condition that the type of the node, or of a neighbour, has one of these names; none for all types. Behind
 * ifnull, which changes nothing else, it stays a test of the few rows that the ids beside it find: for a plain one
 * SQLite takes the index of the types instead, and walks all nodes of them, for seconds.
 */
export function typeIn(types: readonly string[] | undefined, attribute = 'type'): string[] {
  return types ? [`ifnull(${attribute}, '') IN (${types.map((type) => `'${type}'`).join(', ')})`] : [];
}

/** The ids as a filter has them behind IN. */
export function idList(ids: readonly bigint[]): string {
  return ids.join(', ');
}
