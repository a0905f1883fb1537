import {
  decodePageToken,
  encodePageToken,
  type ListOrder,
  positionAfter,
  toListOrder,
} from '../../domain/page-token.ts';
import { RegistryError } from '../../errors.ts';
import {
  type ListOperationOptions,
  ListOperationOptions_OrderByField_Field as OrderField,
  type Value,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import { allOf, type Condition, UNSEEN } from './condition.ts';
import { filterWithin } from './filter-within.ts';
import type { NodeKind } from './node-kinds.ts';
import { nodesWhere } from './nodes.ts';
import { jsonList, type Transaction } from './transaction.ts';

/** Nodes in one page at most, whatever the request asks for; the token then goes on. */
const MAX_PAGE = 100;

/** MLMD's default page. */
const DEFAULT_PAGE = 20;

const ORDER_COLUMN: Readonly<Record<ListOrder['field'], string>> = {
  [OrderField.ID]: 'n.id',
  [OrderField.CREATE_TIME]: 'n.create_time_since_epoch',
  [OrderField.LAST_UPDATE_TIME]: 'n.last_update_time_since_epoch',
};

/** The fields of a node by which it takes its place in a list. */
export interface Listed {
  readonly id?: bigint | undefined;
  readonly createTimeSinceEpoch?: bigint | undefined;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
  readonly properties: Map<string, Value>;
  readonly customProperties: Map<string, Value>;
}

/** Some nodes of a list. */
export interface NodePage<Node> {
  readonly nodes: Node[];
  /** Leads to the nodes behind these; undefined or empty where there are none. */
  readonly nextPageToken: string | undefined;
}

/** The nodes in `scope` that list options ask for, with the token of the next page where there is one. */
export async function listNodes<Node extends Listed>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  options: ListOperationOptions | undefined,
  scope: readonly Condition[],
  call: Call,
): Promise<NodePage<Node>> {
  // Without options MLMD gives everything, by ascending id.
  const size = options ? toPageSize(options) : undefined;
  const order = toListOrder(options?.orderByField);
  const position = options?.nextPageToken ? decodePageToken(order, options.nextPageToken) : undefined;
  const filter = options?.filterQuery ? [await filterWithin(transaction, kind, scope, options.filterQuery)] : [];
  const condition = allOf([...scope, ...filter, ...(position ? [behind(order, position)] : [])]);
  const direction = order.isAsc ? 'ASC' : 'DESC';
  const column = ORDER_COLUMN[order.field];
  const byId = order.field === OrderField.ID ? '' : `, n.id ${direction}`;
  const nodes = await nodesWhere(
    transaction,
    kind,
    `${condition.sql} ORDER BY ${column} ${direction}${byId} LIMIT ${UNSEEN}`,
    [...condition.parameters, size === undefined ? -1n : BigInt(size + 1)],
    call,
  );
  if (size === undefined || nodes.length <= size) return { nodes, nextPageToken: undefined };
  const page = nodes.slice(0, size);
  const next = positionAfter(order, page, size - 1, position);
  return { nodes: page, nextPageToken: encodePageToken(order, next) };
}

function toPageSize(options: ListOperationOptions): number {
  const size = options.maxResultSize ?? DEFAULT_PAGE;
  if (size > 0) return Math.min(size, MAX_PAGE);
  throw new RegistryError('INVALID_ARGUMENT', `max_result_size is ${size}; it has to be above 0.`, {
    argument: 'max_result_size',
  });
}

/** The rows behind a place in the list. */
function behind(order: ListOrder, position: ReturnType<typeof decodePageToken>): Condition {
  const column = ORDER_COLUMN[order.field];
  const comparison = order.isAsc ? '>' : '<';
  if (order.field === OrderField.ID) return { sql: `n.id ${comparison} ?`, parameters: [position.value] };
  if (order.field === OrderField.CREATE_TIME) {
    return { sql: `(${column}, n.id) ${comparison} (?, ?)`, parameters: [position.value, position.id] };
  }
  // By ids and not by the greatest of them: a node may have been updated to this very time since.
  return {
    sql: `${column} ${comparison}= ? AND n.id NOT IN (SELECT value FROM json_each(?))`,
    parameters: [position.value, jsonList(position.listedIds)],
  };
}
