import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import { ascending } from './ascending.ts';
import { inSlices } from './in-slices.ts';
import { ARTIFACT, CONTEXT, EXECUTION, type NodeKind } from './node-kinds.ts';
import { type Columns, packedColumns, selection } from './packed-columns.ts';
import { PACKED_VALUE, toValue } from './properties.ts';
import { jsonList, type SqlValue, type Transaction, toInt, toText } from './transaction.ts';

/** What a node of any kind has in common: enough to hang its properties on. */
interface PropertyHolder {
  readonly id?: bigint | undefined;
  readonly properties: Map<string, Value>;
  readonly customProperties: Map<string, Value>;
}

/** Nodes with properties that are read in one go, in some two milliseconds; more of them have turns between. */
const SLICE = 200;

/** Without properties a node takes a tenth of the time. */
const BARE_SLICE = 1_000;

/** The nodes of these ids that exist, by ascending id, each once. */
export function nodesById<Node extends PropertyHolder>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  ids: readonly bigint[],
  call: Call,
): Promise<Node[]> {
  return nodesInOrder(transaction, kind, ascending(ids), call);
}

/**
 * The nodes that match `where`, in its order: a constant text over the node's table `n`, with its ORDER BY and LIMIT,
 * whose `?` are bound to `parameters`.
 */
export async function nodesWhere<Node extends PropertyHolder>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  where: string,
  parameters: readonly SqlValue[],
  call: Call,
): Promise<Node[]> {
  const rows = await transaction.all(`SELECT n.id FROM ${kind.table} AS n WHERE ${where}`, ...parameters);
  const ids = rows.map(([id]) => toInt(id) ?? 0n);
  return ids.length === 0 ? [] : nodesInOrder(transaction, kind, ids, call);
}

function nodesInOrder<Node extends PropertyHolder>(
  transaction: Transaction,
  kind: NodeKind<Node>,
  ids: readonly bigint[],
  call: Call,
): Promise<Node[]> {
  const names = call.read?.properties;
  return inSlices(transaction, call, ids, names?.length === 0 ? BARE_SLICE : SLICE, async (slice) => {
    const nodes = await bareNodes(transaction, kind, slice);
    if (nodes.length > 0 && names?.length !== 0) await readProperties(transaction, kind, nodes, names);
    return nodes;
  });
}

/** CROSS, here and below, so that SQLite goes from one id to the next, in their order. */
async function bareNodes<Node>(transaction: Transaction, kind: NodeKind<Node>, ids: readonly bigint[]) {
  return (await transaction.all(TEXTS[kind.table].nodes, jsonList(ids))).map(kind.toNode);
}

/** Composed once: SQLite's statements are found by their texts. */
function textsOf({ table, columns, propertyTable, propertyKey }: NodeKind<unknown>) {
  const properties = `FROM json_each(?) AS place CROSS JOIN ${propertyTable} ON ${propertyKey} = place.value`;
  return {
    nodes: `SELECT ${columns} FROM json_each(?) AS place CROSS JOIN ${table} AS n ON n.id = place.value
      LEFT JOIN Type AS t ON t.id = n.type_id`,
    properties,
    namedProperties: `${properties} WHERE name IN (SELECT value FROM json_each(?))`,
  };
}

const TEXTS = { Artifact: textsOf(ARTIFACT), Execution: textsOf(EXECUTION), Context: textsOf(CONTEXT) };

async function readProperties(
  transaction: Transaction,
  kind: NodeKind<unknown>,
  nodes: readonly PropertyHolder[],
  names: readonly string[] | undefined,
): Promise<void> {
  const ids = nodes.map(({ id }) => id ?? 0n);
  const [places = [], properties = [], values = []] = await propertyColumns(transaction, kind, ids, names);
  for (let row = 0; row < places.length; row += 1) {
    const place = Number(places[row]);
    const node = nodes[place >> 1];
    const target = place % 2 === 0 ? node?.properties : node?.customProperties;
    target?.set(toText(properties[row]) ?? '', toValue(values[row]));
  }
}

/** Of a property: the place of its node among the ids, twice, and one more where it is a custom one; its name; its value. */
const PROPERTY = selection([], ['place.key * 2 + (is_custom_property <> 0)', 'name', PACKED_VALUE]);

function propertyColumns(
  transaction: Transaction,
  { table }: NodeKind<unknown>,
  ids: readonly bigint[],
  names: readonly string[] | undefined,
): Promise<Columns> {
  const { properties, namedProperties } = TEXTS[table];
  return names === undefined
    ? packedColumns(transaction, PROPERTY, properties, jsonList(ids))
    : packedColumns(transaction, PROPERTY, namedProperties, jsonList(ids), jsonList(names));
}
