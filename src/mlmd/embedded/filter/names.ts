import {
  Artifact_State,
  Event_Type,
  Execution_State,
} from '../../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { NodeKind } from '../node-kinds.ts';
import type { SqlValue } from '../transaction.ts';

type Table = NodeKind<unknown>['table'];

/** A column that a filter can name. */
export interface Column {
  readonly sql: string;
  readonly type: 'int' | 'double' | 'string' | 'bool';
  /** The names of its numbers, where it has some. */
  readonly states?: Readonly<Record<string, number>>;
  /** For the name of a type: the column with the type's id, and which types there are. */
  readonly typeId?: string;
  /** Set where an index begins with it: a condition that is always true and lets the index be used, or ''. */
  readonly index?: string;
  /** Whether the index also serves LIKE and IS NOT NULL, since it holds little else. */
  readonly narrow?: true;
}

/** A row that the filter joins to the node, under one alias: a property, an event, or a node beside an edge. */
export interface Neighbour {
  /** FROM's table; `far` is joined only when a field of it is asked for. */
  readonly table: string;
  /** Its column that has the node's id. */
  readonly key: string;
  /** What makes it this neighbour, or '', and what to bind to that. */
  readonly condition: string;
  readonly parameters: readonly SqlValue[];
  /** Whether an index finds it by the node's id. */
  readonly keyed: boolean;
  readonly columns: Readonly<Record<string, Column>>;
  /** The node at the other end of an edge. */
  readonly far: string | undefined;
  /** The columns that are of the edge alone. */
  readonly near: readonly string[];
}

/** The columns of a node's table, over its row as `row`; `id` may be known from an edge. */
function nodeColumns(table: Table, row: string, id = `${row}.id`, typeKind?: bigint): Record<string, Column> {
  const anyType = `${row}.type_id IN (SELECT id FROM Type)`;
  const kind = typeKind === undefined ? '' : ` AND type_kind = ${typeKind}`;
  return {
    id: { sql: id, type: 'int', index: '' },
    // An index of names begins with the type's id: with few types, all of them together are still faster than a scan.
    name: { sql: `${row}.name`, type: 'string', index: anyType },
    type: {
      sql: `(SELECT name FROM Type WHERE id = ${row}.type_id${kind})`,
      type: 'string',
      typeId: `${row}.type_id IN (SELECT id FROM Type WHERE name`,
      index: '',
    },
    create_time_since_epoch: { sql: `${row}.create_time_since_epoch`, type: 'int', index: '' },
    last_update_time_since_epoch: { sql: `${row}.last_update_time_since_epoch`, type: 'int', index: '' },
    ...SPECIFIC[table](row),
  };
}

const SPECIFIC: Readonly<Record<Table, (row: string) => Record<string, Column>>> = {
  Artifact: (row) => ({
    uri: { sql: `${row}.uri`, type: 'string', index: '' },
    state: { sql: `${row}.state`, type: 'int', states: Artifact_State },
    external_id: { sql: `${row}.external_id`, type: 'string', index: '' },
  }),
  Execution: (row) => ({
    last_known_state: { sql: `${row}.last_known_state`, type: 'int', states: Execution_State },
    external_id: { sql: `${row}.external_id`, type: 'string', index: '' },
  }),
  Context: () => ({}),
};

/** The node's own attributes. Among nodes of one type an index finds a name without further help. */
export function ownColumns(kind: NodeKind<unknown>, oneType: boolean): Readonly<Record<string, Column>> {
  const columns = nodeColumns(kind.table, 'n', 'n.id', kind.typeKind);
  return {
    ...columns,
    ...(oneType ? { name: { sql: 'n.name', type: 'string', index: '' } } : {}),
    type_id: { sql: 'n.type_id', type: 'int', index: '' },
    external_id: { sql: 'n.external_id', type: 'string', index: '' },
  };
}

/** The property of this name, its row as `row`; a node without it has no such row. */
export function propertyNeighbour(kind: NodeKind<unknown>, custom: boolean, name: string, row: string): Neighbour {
  return {
    table: `${kind.propertyTable} AS ${row}`,
    key: `${row}.${kind.propertyKey}`,
    condition: `${row}.name = ? AND ${row}.is_custom_property = ${custom ? 1 : 0}`,
    parameters: [name],
    keyed: true,
    columns: {
      int_value: { sql: `${row}.int_value`, type: 'int', index: '', narrow: true },
      double_value: { sql: `${row}.double_value`, type: 'double', index: '', narrow: true },
      string_value: { sql: `${row}.string_value`, type: 'string', index: '', narrow: true },
      bool_value: { sql: `${row}.bool_value`, type: 'bool' },
    },
    far: undefined,
    near: [],
  };
}

interface Edge {
  readonly table: 'Attribution' | 'Association' | 'ParentContext';
  /** Its column with the id of the node that is filtered, and with the one beside it. */
  readonly key: string;
  readonly far: string;
  readonly node: Table;
}

const EDGES: Readonly<Record<Table, Readonly<Record<string, Edge>>>> = {
  Artifact: { contexts: { table: 'Attribution', key: 'artifact_id', far: 'context_id', node: 'Context' } },
  Execution: { contexts: { table: 'Association', key: 'execution_id', far: 'context_id', node: 'Context' } },
  Context: {
    parent_contexts: { table: 'ParentContext', key: 'context_id', far: 'parent_context_id', node: 'Context' },
    child_contexts: { table: 'ParentContext', key: 'parent_context_id', far: 'context_id', node: 'Context' },
    artifacts: { table: 'Attribution', key: 'context_id', far: 'artifact_id', node: 'Artifact' },
    executions: { table: 'Association', key: 'context_id', far: 'execution_id', node: 'Execution' },
  },
};

/** The neighbour that an alias such as `contexts_a` stands for, its row as `row`; undefined where it can be none. */
export function aliasNeighbour(kind: NodeKind<unknown>, alias: string, row: string): Neighbour | undefined {
  const prefix = /^(events|contexts|parent_contexts|child_contexts|artifacts|executions)_\w+$/.exec(alias)?.[1] ?? '';
  if (prefix === 'events') return eventNeighbour(kind, row);
  const edges = EDGES[kind.table];
  const edge = Object.hasOwn(edges, prefix) ? edges[prefix] : undefined;
  if (!edge) return undefined;
  const id = `${row}.${edge.far}`;
  return {
    table: `${edge.table} AS ${row}`,
    key: `${row}.${edge.key}`,
    condition: '',
    parameters: [],
    keyed: kind.table === 'Context',
    columns: nodeColumns(edge.node, `${row}f`, id),
    far: `${edge.node} AS ${row}f ON ${row}f.id = ${id}`,
    near: [id],
  };
}

function eventNeighbour(kind: NodeKind<unknown>, row: string): Neighbour | undefined {
  if (kind.table === 'Context') return undefined;
  const other = kind.table === 'Artifact' ? 'execution_id' : 'artifact_id';
  return {
    table: `Event AS ${row}`,
    key: `${row}.${kind.propertyKey}`,
    condition: '',
    parameters: [],
    keyed: true,
    columns: {
      type: { sql: `${row}.type`, type: 'int', states: Event_Type },
      milliseconds_since_epoch: { sql: `${row}.milliseconds_since_epoch`, type: 'int' },
      [other]: { sql: `${row}.${other}`, type: 'int', index: '' },
    },
    far: undefined,
    near: [],
  };
}

/** What aliases a filter on this kind can use, for a message. */
export function aliasPrefixes(kind: NodeKind<unknown>): readonly string[] {
  const edges = Object.keys(EDGES[kind.table]).map((prefix) => `${prefix}_x`);
  return kind.table === 'Context' ? edges : [...edges, 'events_x'];
}
