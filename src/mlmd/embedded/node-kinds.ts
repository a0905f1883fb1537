import type { Artifact, Context, Execution } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { type Row, toInt, toText } from './transaction.ts';

/** The columns that all three node tables have, in the order in which {@link NodeKind.toNode} takes them. */
const COMMON_COLUMNS =
  'n.id, n.type_id, t.name, n.name, n.external_id, n.create_time_since_epoch, n.last_update_time_since_epoch';

/** How one kind of node lies in MLMD's tables. */
export interface NodeKind<Node> {
  readonly table: 'Artifact' | 'Execution' | 'Context';
  readonly propertyTable: 'ArtifactProperty' | 'ExecutionProperty' | 'ContextProperty';
  /** The property table's column that names the node. */
  readonly propertyKey: 'artifact_id' | 'execution_id' | 'context_id';
  /** The value of Type.type_kind. */
  readonly typeKind: bigint;
  /** Select list of a node, over its table as `n` and its type as `t`. */
  readonly columns: string;
  /** The message of such a row, without properties. */
  toNode(row: Row): Node;
}

export const ARTIFACT: NodeKind<Artifact> = {
  table: 'Artifact',
  propertyTable: 'ArtifactProperty',
  propertyKey: 'artifact_id',
  typeKind: 1n,
  columns: `${COMMON_COLUMNS}, n.uri, n.state`,
  toNode: (row) => ({ ...commonFields(row), uri: toText(row[7]), state: toEnum<Artifact['state']>(row) }),
};

export const EXECUTION: NodeKind<Execution> = {
  table: 'Execution',
  propertyTable: 'ExecutionProperty',
  propertyKey: 'execution_id',
  typeKind: 0n,
  columns: `${COMMON_COLUMNS}, NULL, n.last_known_state`,
  toNode: (row) => ({ ...commonFields(row), lastKnownState: toEnum<Execution['lastKnownState']>(row) }),
};

export const CONTEXT: NodeKind<Context> = {
  table: 'Context',
  propertyTable: 'ContextProperty',
  propertyKey: 'context_id',
  typeKind: 2n,
  columns: COMMON_COLUMNS,
  toNode: commonFields,
};

function commonFields(row: Row) {
  return {
    id: toInt(row[0]),
    typeId: toInt(row[1]),
    type: toText(row[2]),
    name: toText(row[3]),
    externalId: toText(row[4]),
    createTimeSinceEpoch: toInt(row[5]),
    lastUpdateTimeSinceEpoch: toInt(row[6]),
    properties: new Map(),
    customProperties: new Map(),
  };
}

/** The state column's number; like a decoder, it lets a number pass that the enum does not know. */
function toEnum<State>(row: Row): State | undefined {
  const number = toInt(row[8]);
  return number === undefined ? undefined : (Number(number) as State);
}
