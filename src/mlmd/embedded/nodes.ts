import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import type { NodeKind } from './node-kinds.ts';
import { toValue, VALUE_COLUMNS } from './properties.ts';
import { jsonList, type Row, type SqlValue, type Transaction, toInt, toText } from './transaction.ts';

/** What a node of any kind has in common: enough to hang its properties on. */
interface PropertyHolder {
  readonly id?: bigint | undefined;
  readonly properties: Map<string, Value>;
  readonly customProperties: Map<string, Value>;
}

/** The nodes of these ids that exist, by ascending id, each once. */
export function nodesById<Node extends PropertyHolder>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  ids: readonly bigint[],
  call: Call,
): Promise<Node[]> {
  return nodesWhere(transaction, kind, 'n.id IN (SELECT value FROM json_each(?)) ORDER BY n.id', [jsonList(ids)], call);
}

/**
 * The nodes that match `where`: a constant text over the node's table `n` and type `t`, with its ORDER BY and LIMIT,
 * whose `?` are bound to `parameters`.
 */
export async function nodesWhere<Node extends PropertyHolder>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  where: string,
  parameters: readonly SqlValue[],
  call: Call,
): Promise<Node[]> {
  const sql = `SELECT ${kind.columns} FROM ${kind.table} AS n LEFT JOIN Type AS t ON t.id = n.type_id WHERE ${where}`;
  const rows = await transaction.all(sql, ...parameters);
  const nodes = rows.map(kind.toNode);
  await readProperties(transaction, kind, nodes, call);
  return nodes;
}

async function readProperties(
  transaction: Transaction,
  kind: NodeKind<unknown>,
  nodes: readonly PropertyHolder[],
  call: Call,
): Promise<void> {
  const names = call.read?.properties;
  if (nodes.length === 0 || names?.length === 0) return;
  const byId = new Map(nodes.map((node) => [node.id ?? 0n, node]));
  for (const row of await propertyRows(transaction, kind, [...byId.keys()], names)) {
    const node = byId.get(toInt(row[0]) ?? 0n);
    const target = toInt(row[2]) === 0n ? node?.properties : node?.customProperties;
    target?.set(toText(row[1]) ?? '', toValue(row, 3));
  }
}

function propertyRows(
  transaction: Transaction,
  kind: NodeKind<unknown>,
  ids: readonly bigint[],
  names: readonly string[] | undefined,
): Promise<readonly Row[]> {
  const select = `SELECT ${kind.propertyKey}, name, is_custom_property, ${VALUE_COLUMNS} FROM ${kind.propertyTable}
    WHERE ${kind.propertyKey} IN (SELECT value FROM json_each(?))`;
  return names === undefined
    ? transaction.all(select, jsonList(ids))
    : transaction.all(`${select} AND name IN (SELECT value FROM json_each(?))`, jsonList(ids), jsonList(names));
}
