import { RegistryError } from '../../errors.ts';
import type { ListOperationOptions } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import type { Condition } from './condition.ts';
import { type Listed, listNodes, type NodePage } from './list.ts';
import { CONTEXT, type NodeKind } from './node-kinds.ts';
import { nodesWhere } from './nodes.ts';
import { jsonList, type SqlValue, type Transaction, toInt } from './transaction.ts';

/** A type as requests name it; no version and an empty one both mean the type without a version. */
interface TypeName {
  readonly typeName?: string | undefined;
  readonly typeVersion?: string | undefined;
}

/** The type's kind, name and version are bound to it. */
const TYPE_BY_NAME = 'FROM Type AS T WHERE T.type_kind = ? AND T.name = ? AND T.version IS ? ORDER BY T.id LIMIT 1';

function typeKey(kind: NodeKind<unknown>, { typeName = '', typeVersion = '' }: TypeName): SqlValue[] {
  return [kind.typeKind, typeName, typeVersion === '' ? null : typeVersion];
}

/** Only nodes of this type; none where there is no such type. */
export function ofType(kind: NodeKind<unknown>, type: TypeName): Condition {
  return { sql: `n.type_id = (SELECT T.id ${TYPE_BY_NAME})`, parameters: typeKey(kind, type) };
}

/**
 * A page of the nodes of a type. As in the C++ engine an unknown type and one without nodes have none, whatever the
 * options say.
 */
export async function nodesByType<Node extends Listed>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  request: TypeName & { readonly options?: ListOperationOptions | undefined },
  call: Call,
): Promise<NodePage<Node>> {
  const [type] = await transaction.all(
    `SELECT T.id, EXISTS (SELECT 1 FROM ${kind.table} WHERE type_id = T.id) ${TYPE_BY_NAME}`,
    ...typeKey(kind, request),
  );
  if (!type || toInt(type[1]) === 0n) return { nodes: [], nextPageToken: undefined };
  const scope = [{ sql: 'n.type_id = ?', parameters: [toInt(type[0]) ?? 0n], oneType: true as const }];
  const page = await listNodes(transaction, kind, request.options, scope, call);
  // The C++ engine says so where a list by type is at its end, and only there.
  return request.options ? { ...page, nextPageToken: page.nextPageToken ?? '' } : page;
}

/** Where the members of a context lie. */
export type Membership = readonly [table: 'Attribution' | 'Association', key: 'artifact_id' | 'execution_id'];

/** A page of the members of a context. As in the C++ engine, one without any has none, whatever the options say. */
export async function nodesByContext<Node extends Listed>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  [table, key]: Membership,
  request: { readonly contextId?: bigint | undefined; readonly options?: ListOperationOptions | undefined },
  call: Call,
): Promise<NodePage<Node>> {
  const { contextId = 0n, options } = request;
  const members = await transaction.all(`SELECT 1 FROM ${table} WHERE context_id = ? LIMIT 1`, contextId);
  if (members.length === 0) return { nodes: [], nextPageToken: undefined };
  const scope = [{ sql: `n.id IN (SELECT ${key} FROM ${table} WHERE context_id = ?)`, parameters: [contextId] }];
  return listNodes(transaction, kind, options, scope, call);
}

/** The node of this type and name, or undefined. */
export async function nodeByTypeAndName<Node extends Listed>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  type: TypeName,
  name: string | undefined,
  call: Call,
): Promise<Node | undefined> {
  const { sql, parameters } = ofType(kind, type);
  const [node] = await nodesWhere(transaction, kind, `${sql} AND n.name = ?`, [...parameters, name ?? ''], call);
  return node;
}

/** The nodes of these external ids, by id. NOT_FOUND where there are none; INVALID_ARGUMENT for an empty external id. */
export async function nodesByExternalIds<Node extends Listed>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  externalIds: readonly string[],
  call: Call,
): Promise<Node[]> {
  if (externalIds.length === 0) return [];
  if (externalIds.includes('')) throw new RegistryError('INVALID_ARGUMENT', 'An external id is empty.');
  const where = 'n.external_id IN (SELECT value FROM json_each(?)) ORDER BY n.id';
  const nodes = await nodesWhere(transaction, kind, where, [jsonList(externalIds)], call);
  if (nodes.length > 0) return nodes;
  throw new RegistryError('NOT_FOUND', `There is no ${kind.table.toLowerCase()} of these external ids.`);
}

/** The contexts of a member, by id. NOT_FOUND where it has none or does not exist. */
export async function contextsByMember(
  transaction: Transaction,
  [table, key]: Membership,
  id: bigint | undefined,
  call: Call,
) {
  const where = `n.id IN (SELECT context_id FROM ${table} WHERE ${key} = ?) ORDER BY n.id`;
  const contexts = await nodesWhere(transaction, CONTEXT, where, [id ?? 0n], call);
  if (contexts.length > 0) return contexts;
  throw new RegistryError('NOT_FOUND', 'There is no such node, or it is in no context.');
}
