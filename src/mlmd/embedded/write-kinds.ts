import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { createInsertRows, type InsertRows } from './insert-rows.ts';
import { ARTIFACT, CONTEXT, EXECUTION, type NodeKind } from './node-kinds.ts';
import { VALUE_COLUMNS } from './properties.ts';
import type { SqlValue } from './transaction.ts';
import { ARTIFACT_TYPE, CONTEXT_TYPE, EXECUTION_TYPE, type TypeKind } from './type-kinds.ts';

/** An Artifact, Execution or Context, given or stored: the fields of all three. */
export interface NodeInput {
  readonly id?: bigint | undefined;
  readonly name?: string | undefined;
  readonly typeId?: bigint | undefined;
  readonly type?: string | undefined;
  readonly externalId?: string | undefined;
  readonly uri?: string | undefined;
  readonly state?: number | undefined;
  readonly lastKnownState?: number | undefined;
  readonly properties: Map<string, Value>;
  readonly customProperties: Map<string, Value>;
  readonly lastUpdateTimeSinceEpoch?: bigint | undefined;
  readonly systemMetadata?: unknown;
}

/** How one kind of node is written. */
export interface WriteKind {
  readonly stored: NodeKind<NodeInput>;
  readonly type: TypeKind;
  /** Takes type_id, external_id, both times and the {@link created} values. */
  readonly insert: string;
  readonly created: (node: NodeInput) => SqlValue[];
  /** Takes external_id, the time of the update, the {@link changed} values and the id. */
  readonly update: string;
  readonly changed: (node: NodeInput) => SqlValue[];
  /** Takes the node's id, whether the property is custom, its name and its value columns; replaces what is there. */
  readonly putProperties: InsertRows;
  /** Takes the node's id, whether the property is custom, and its name. */
  readonly deleteProperty: string;
  /** Those of the ids in a JSON list that exist. */
  readonly existing: string;
}

/** Artifacts are never renamed; an absent uri is stored as an empty one, as by the C++ engine. */
export const ARTIFACTS: WriteKind = {
  ...statements(ARTIFACT, ['name', 'uri', 'state'], ['uri', 'state']),
  type: ARTIFACT_TYPE,
  created: (node) => [node.name ?? null, node.uri ?? '', toColumn(node.state)],
  changed: (node) => [node.uri ?? '', toColumn(node.state)],
};

/** Executions are never renamed. */
export const EXECUTIONS: WriteKind = {
  ...statements(EXECUTION, ['name', 'last_known_state'], ['last_known_state']),
  type: EXECUTION_TYPE,
  created: (node) => [node.name ?? null, toColumn(node.lastKnownState)],
  changed: (node) => [toColumn(node.lastKnownState)],
};

/** A context always has a name, which an update may change. */
export const CONTEXTS: WriteKind = {
  ...statements(CONTEXT, ['name'], ['name']),
  type: CONTEXT_TYPE,
  created: (node) => [node.name ?? null],
  changed: (node) => [node.name ?? null],
};

function toColumn(state: number | undefined): SqlValue {
  return state === undefined ? null : BigInt(state);
}

function statements(stored: NodeKind<NodeInput>, created: readonly string[], changed: readonly string[]) {
  const { table, propertyTable, propertyKey } = stored;
  const values = VALUE_COLUMNS.split(', ');
  return {
    stored,
    insert: `INSERT INTO ${table}
      (type_id, external_id, create_time_since_epoch, last_update_time_since_epoch, ${created.join(', ')})
      VALUES (?, ?, ?, ?, ${created.map(() => '?').join(', ')})`,
    update: `UPDATE ${table} SET external_id = ?, last_update_time_since_epoch = ?,
      ${changed.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
    putProperties: createInsertRows(
      propertyTable,
      [propertyKey, 'is_custom_property', 'name', ...values],
      `ON CONFLICT (${propertyKey}, name, is_custom_property)
        DO UPDATE SET ${values.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ),
    deleteProperty: `DELETE FROM ${propertyTable} WHERE ${propertyKey} = ? AND is_custom_property = ? AND name = ?`,
    existing: `SELECT id FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`,
  };
}
