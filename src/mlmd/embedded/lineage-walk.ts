import {
  LineageSubgraphQueryOptions_Direction as Direction,
  type LineageSubgraphQueryOptions_EndingNodes as EndingNodes,
  type Event,
  Event_Type as EventType,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { Call } from '../store.ts';
import { ascending } from './ascending.ts';
import { EVENT, type StoredEvent, toEvents } from './events.ts';
import { toCondition } from './filter-sql.ts';
import { inSlices } from './in-slices.ts';
import { ARTIFACT, EXECUTION, type NodeKind } from './node-kinds.ts';
import { packedColumns } from './packed-columns.ts';
import { jsonList, type Transaction, toInt } from './transaction.ts';

/** One of the two kinds of nodes on a walk along the events. */
export interface Side {
  readonly kind: NodeKind<unknown>;
  /** The nodes found, in this order; ending nodes are none of them. */
  readonly visited: Set<bigint>;
  /** The ending nodes met. */
  readonly ending: Set<bigint>;
  readonly endingNodes: EndingNodes | undefined;
}

/** A side on which nothing is found yet. */
export function createSide(kind: NodeKind<unknown>, endingNodes?: EndingNodes): Side {
  return { kind, visited: new Set(), ending: new Set(), endingNodes };
}

/** Where a walk begins and how far it goes. */
export interface WalkOptions {
  readonly from: Side;
  readonly to: Side;
  readonly starting: readonly bigint[];
  readonly maxHops: bigint;
  readonly direction: Direction | undefined;
}

/**
 * Walks along the events, breadth first, with one statement per hop, and notes on the sides what it finds; gives the
 * events in the order of the walk. Starting nodes that are ending nodes are not passed either.
 */
export async function walk(transaction: Transaction, options: WalkOptions, call: Call): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  let [here, there] = [options.from, options.to];
  let frontier = await enter(transaction, here, new Set(options.starting));
  for (let hop = 0n; hop < options.maxHops && frontier.size > 0; hop += 1n) {
    const passed = await eventsOf(transaction, here.kind, [...frontier], call, options.direction);
    const reached = new Set<bigint>();
    for (const { event } of passed) {
      const id = otherEnd(here.kind, event);
      if (!there.visited.has(id) && !there.ending.has(id)) reached.add(id);
    }
    frontier = await enter(transaction, there, reached);
    for (const each of passed) {
      if (isShown(there, otherEnd(here.kind, each.event), frontier, options.direction)) events.push(each);
    }
    [here, there] = [there, here];
  }
  return events;
}

/** Notes the nodes as visited or ending; leaves those to go on from. */
async function enter(transaction: Transaction, side: Side, ids: Set<bigint>): Promise<ReadonlySet<bigint>> {
  for (const id of await endingAmong(transaction, side, ids)) {
    side.ending.add(id);
    ids.delete(id);
  }
  for (const id of ids) side.visited.add(id);
  return ids;
}

/** As in the C++ engine an empty filter selects all nodes, and a bad one is met with the first node to try it on. */
async function endingAmong(transaction: Transaction, side: Side, ids: ReadonlySet<bigint>): Promise<bigint[]> {
  const filterQuery = side.endingNodes?.filterQuery;
  if (filterQuery === undefined || ids.size === 0) return [];
  return idsThatMatch(transaction, side.kind, filterQuery, ids);
}

/** Those of the ids whose nodes exist and match the filter; an empty filter matches all. */
export async function idsThatMatch(
  transaction: Transaction,
  kind: NodeKind<unknown>,
  filterQuery: string,
  ids: ReadonlySet<bigint>,
): Promise<bigint[]> {
  const { sql, parameters } = filterQuery === '' ? { sql: 'TRUE', parameters: [] } : toCondition(kind, filterQuery);
  const rows = await transaction.all(
    `SELECT n.id FROM ${kind.table} AS n WHERE n.id IN (SELECT value FROM json_each(?)) AND (${sql})`,
    jsonList([...ids]),
    ...parameters,
  );
  return rows.map(([id]) => toInt(id) ?? 0n);
}

/** Nodes whose events are read in one go. */
const SLICE = 200;

/** The events of these nodes in one direction, without paths, in the order in which the C++ engine has them. */
export async function eventsOf(
  transaction: Transaction,
  kind: NodeKind<unknown>,
  ids: readonly bigint[],
  call: Call,
  direction?: Direction,
): Promise<StoredEvent[]> {
  const order = kind.table === ARTIFACT.table ? 'artifact_id, execution_id, type' : 'execution_id, id';
  const among = `${kind.propertyKey} IN (SELECT value FROM json_each(?))`;
  const from = `FROM Event WHERE ${among} ${typeCondition(kind, direction)} ORDER BY ${order}`;
  return inSlices(transaction, call, ascending(ids), SLICE, async (slice) =>
    toEvents(await packedColumns(transaction, EVENT, from, jsonList(slice))),
  );
}

const INPUTS = [EventType.DECLARED_INPUT, EventType.INPUT, EventType.INTERNAL_INPUT].join(', ');
const OUTPUTS = [EventType.DECLARED_OUTPUT, EventType.OUTPUT, EventType.INTERNAL_OUTPUT, EventType.PENDING_OUTPUT].join(
  ', ',
);

/** Upstream of an artifact is what wrote it, upstream of an execution what it read. */
function typeCondition(kind: NodeKind<unknown>, direction: Direction | undefined): string {
  if (!isOneWay(direction)) return '';
  const outputs = (kind.table === EXECUTION.table) === (direction === Direction.DOWNSTREAM);
  return `AND type IN (${outputs ? OUTPUTS : INPUTS})`;
}

function isOneWay(direction: Direction | undefined): boolean {
  return direction === Direction.UPSTREAM || direction === Direction.DOWNSTREAM;
}

function otherEnd(kind: NodeKind<unknown>, { artifactId = 0n, executionId = 0n }: Event): bigint {
  return kind.table === ARTIFACT.table ? executionId : artifactId;
}

/** Both ways, an event to a node that is known from before was passed before, from its other end. */
function isShown(there: Side, id: bigint, isNew: ReadonlySet<bigint>, direction: Direction | undefined): boolean {
  if (there.ending.has(id)) return there.endingNodes?.includeEndingNodes === true;
  return isOneWay(direction) || isNew.has(id);
}
