import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { INPUT_TYPES, OUTPUT_TYPES } from '../../src/domain/event.ts';
import type { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { keyOf, linkOf, type PlainLineage, toPlain } from './plain.ts';

/** A node as one writes it who needs no more than this. */
interface RawNode {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly uri: string | null;
  readonly state: number;
  readonly created: number;
  readonly updated: number;
  readonly properties: Record<string, number | string>;
  readonly customProperties: Record<string, number | string>;
}

interface RawEvent {
  readonly artifactId: number;
  readonly executionId: number;
  readonly type: number;
  readonly time: number;
}

/** A closure by SQL alone. */
export interface RawLineage {
  readonly artifacts: readonly RawNode[];
  readonly executions: readonly RawNode[];
  readonly events: readonly RawEvent[];
}

/** Reads closures upstream by SQL alone, from a file of its own. */
export interface RawSql extends Disposable {
  closure(artifactId: bigint): RawLineage;
  readonly statements: number;
}

const INPUTS = [...INPUT_TYPES].join(', ');
const OUTPUTS = [...OUTPUT_TYPES].join(', ');

const IDS = `WITH RECURSIVE reached (is_execution, id) AS (
  SELECT 0, ?
  UNION
  SELECT 1, e.execution_id FROM reached AS r
    JOIN Event AS e ON r.is_execution = 0 AND e.artifact_id = r.id AND e.type IN (${OUTPUTS})
  UNION
  SELECT 0, e.artifact_id FROM reached AS r
    JOIN Event AS e ON r.is_execution = 1 AND e.execution_id = r.id AND e.type IN (${INPUTS})
) SELECT is_execution, id FROM reached`;

const EVENTS = `SELECT e.artifact_id, e.execution_id, e.type, e.milliseconds_since_epoch
  FROM json_each(?) AS place CROSS JOIN Event AS e ON e.execution_id = place.value`;

/** The connection, with the cache that our own has. */
export function openRawSql(db: string): RawSql {
  const database = new DatabaseSync(db, { readOnly: true });
  database.exec('PRAGMA cache_size=-65536');
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  const ids = prepare(IDS);
  const events = prepare(EVENTS);
  const artifacts = nodesOf(prepare, 'Artifact', 'artifact_id', 'n.uri, n.state');
  const executions = nodesOf(prepare, 'Execution', 'execution_id', 'NULL, n.last_known_state');
  return {
    closure(artifactId) {
      const found = rows(ids.all(artifactId));
      const idsOf = (kind: number) => JSON.stringify(found.filter(([each]) => each === kind).map(([, id]) => id));
      const all = { artifacts: artifacts(idsOf(0)), executions: executions(idsOf(1)) };
      const kept = new Set(all.artifacts.map(({ id }) => id));
      const links = rows(events.all(idsOf(1))).map(toEvent);
      return { ...all, events: links.filter((event) => kept.has(event.artifactId)) };
    },
    statements: 6,
    [Symbol.dispose]: () => database.close(),
  };
}

type Cell = number | string | null;

function rows(all: unknown): readonly (readonly Cell[])[] {
  return all as readonly (readonly Cell[])[]; // setReturnArrays, and no blobs here
}

function toEvent([artifactId, executionId, type, time]: readonly Cell[]): RawEvent {
  return { artifactId: Number(artifactId), executionId: Number(executionId), type: Number(type), time: Number(time) };
}

function nodesOf(prepare: (sql: string) => StatementSync, table: string, key: string, own: string) {
  const nodes = prepare(`SELECT n.id, t.name, n.name, n.create_time_since_epoch, n.last_update_time_since_epoch, ${own}
    FROM json_each(?) AS place CROSS JOIN ${table} AS n ON n.id = place.value JOIN Type AS t ON t.id = n.type_id`);
  const properties = prepare(`SELECT p.${key}, p.name, p.is_custom_property,
      coalesce(p.int_value, p.double_value, p.string_value, p.bool_value)
    FROM json_each(?) AS place CROSS JOIN ${table}Property AS p ON p.${key} = place.value`);
  return (ids: string): readonly RawNode[] => {
    const all = rows(nodes.all(ids)).map(toNode);
    const byId = new Map(all.map((node) => [node.id, node]));
    for (const [id, name, isCustom, value] of rows(properties.all(ids))) {
      const node = byId.get(Number(id));
      const target = isCustom === 1 ? node?.customProperties : node?.properties;
      if (target) target[String(name)] = value ?? '';
    }
    return all;
  };
}

function toNode([id, type, name, created, updated, uri, state]: readonly Cell[]): RawNode {
  return {
    id: Number(id),
    type: String(type),
    name: String(name),
    uri: uri === null ? null : String(uri),
    state: Number(state),
    created: Number(created),
    updated: Number(updated),
    properties: {},
    customProperties: {},
  };
}

/** The closure as it is compared; a boolean is a number in the file. */
export function plainRaw({ artifacts, executions, events }: RawLineage): PlainLineage {
  const plain = (type: 'Artifact' | 'Execution', { id, uri, properties, customProperties, ...node }: RawNode) => {
    const { quantized, ...others } = customProperties;
    const booleans = quantized === undefined ? {} : { quantized: quantized === 1 };
    return {
      ...node,
      key: keyOf(type, id),
      uri: uri ?? undefined,
      properties: { ...properties, ...others, ...booleans },
    };
  };
  return toPlain(
    [...artifacts.map((node) => plain('Artifact', node)), ...executions.map((node) => plain('Execution', node))],
    events.map((event) => linkOf({ ...event, type: event.type as Event_Type })),
  );
}
