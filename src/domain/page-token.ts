import { RegistryError } from '../errors.ts';
import {
  ListOperationNextPageToken,
  type ListOperationOptions_OrderByField,
  ListOperationOptions_OrderByField_Field as OrderField,
} from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** The order of a list of nodes; nodes of equal value follow each other by id, in the same direction. */
export interface ListOrder {
  readonly field: Exclude<OrderField, OrderField.FIELD_UNSPECIFIED>;
  readonly isAsc: boolean;
}

/** A place in an ordered list: behind the node `id`, whose order value is `value`. */
export interface ListPosition {
  /** The last node's id, or its time in milliseconds since the Unix epoch, as the order has it. */
  readonly value: bigint;
  readonly id: bigint;
  /** For LAST_UPDATE_TIME: all ids listed so far that have this time. */
  readonly listedIds: readonly bigint[];
}

/** The fields of a node that a place in a list is made of. */
export interface ListedNode {
  readonly id?: bigint | undefined;
  readonly createTimeSinceEpoch?: bigint | undefined;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
}

/** The order that list options ask for; MLMD's default is by ascending id. INVALID_ARGUMENT for no known field. */
export function toListOrder(option: ListOperationOptions_OrderByField | undefined): ListOrder {
  const field = option?.field ?? OrderField.ID;
  if (field === OrderField.FIELD_UNSPECIFIED || !Object.values(OrderField).includes(field)) {
    throw new RegistryError('INVALID_ARGUMENT', 'A list is ordered by ID, CREATE_TIME or LAST_UPDATE_TIME.', {
      argument: 'orderBy',
    });
  }
  return { field, isAsc: option?.isAsc ?? true };
}

/** The value by which `order` places a node. */
export function orderValue(order: ListOrder, node: ListedNode): bigint {
  if (order.field === OrderField.CREATE_TIME) return node.createTimeSinceEpoch ?? 0n;
  if (order.field === OrderField.LAST_UPDATE_TIME) return node.lastUpdateTimeSinceEpoch ?? 0n;
  return node.id ?? 0n;
}

/**
 * The place behind `nodes[index]` in a list that went on from `previous`. MLMD's C++ engine leaves out the listed ids
 * of the last page only, and so repeats rows where more nodes share a time than a page holds: here they accumulate.
 */
export function positionAfter(
  order: ListOrder,
  nodes: readonly ListedNode[],
  index: number,
  previous: ListPosition | undefined,
): ListPosition {
  const node = nodes[index] ?? {};
  const value = orderValue(order, node);
  const position = { value, id: node.id ?? 0n };
  if (order.field !== OrderField.LAST_UPDATE_TIME) return { ...position, listedIds: [] };
  const sameTime = nodes.slice(0, index + 1).filter((each) => orderValue(order, each) === value);
  const before = previous?.value === value ? previous.listedIds : [];
  return { ...position, listedIds: [...before, ...sameTime.map((each) => each.id ?? 0n)] };
}

/** MLMD's page token for a place: unpadded base64url of a ListOperationNextPageToken. */
export function encodePageToken(order: ListOrder, position: ListPosition): string {
  const token: ListOperationNextPageToken = {
    fieldOffset: position.value,
    idOffset: position.id,
    listedIds: [...position.listedIds],
    setOptions: { orderByField: { field: order.field, isAsc: order.isAsc } },
  };
  return Buffer.from(ListOperationNextPageToken.encode(token).finish()).toString('base64url');
}

/** The place in a page token. INVALID_ARGUMENT where it is none, or was given for another order. */
export function decodePageToken(order: ListOrder, text: string): ListPosition {
  const token = decode(text);
  const made = toListOrder(token.setOptions?.orderByField);
  if (made.field !== order.field || made.isAsc !== order.isAsc) {
    throw badToken('it comes from a list in another order');
  }
  if (token.fieldOffset === undefined) throw badToken('it has no place in it');
  const listedIds = token.listedIds;
  if (order.field === OrderField.LAST_UPDATE_TIME && listedIds.length === 0) throw badToken('it lists no ids');
  return { value: token.fieldOffset, id: token.idOffset ?? listedIds[0] ?? 0n, listedIds };
}

function decode(text: string): ListOperationNextPageToken {
  if (!/^[\w-]+={0,2}$/.test(text)) throw badToken('it is not base64url');
  try {
    return ListOperationNextPageToken.decode(Buffer.from(text, 'base64url'));
  } catch (cause) {
    throw badToken('it cannot be decoded', cause);
  }
}

function badToken(problem: string, cause?: unknown): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', `The cursor is not one of this list: ${problem}.`, {
    argument: 'after',
    cause,
  });
}
