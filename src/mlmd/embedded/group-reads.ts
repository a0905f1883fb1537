import type { Call, ChildrenPage, CountedList, Group, GroupPages, GroupReads, Groups } from '../store.ts';
import { allOf, type Condition, UNSEEN } from './condition.ts';
import { toCondition } from './filter-sql.ts';
import { ofType } from './find-nodes.ts';
import type { Listed } from './list.ts';
import { ARTIFACT, CONTEXT, EXECUTION, type NodeKind } from './node-kinds.ts';
import { nodesById } from './nodes.ts';
import { refuseLate } from './refuse-late.ts';
import { type Database, jsonList, type SqlValue, type Transaction, toInt } from './transaction.ts';

/** Where the rows of groups lie: `member` names the row, `key` the group. */
interface Link<Node> {
  readonly kind: NodeKind<Node>;
  readonly table: string;
  readonly member: string;
  readonly key: string;
  /** Bound to the group's `property`. */
  readonly where?: string;
}

const DECLARED = 'm.name = ? AND m.is_custom_property = FALSE';

const ARTIFACTS = { kind: ARTIFACT, table: 'Attribution', member: 'artifact_id', key: 'context_id' };
const EXECUTIONS = { kind: EXECUTION, table: 'Association', member: 'execution_id', key: 'context_id' };
const CONTEXTS = { kind: CONTEXT, table: 'Attribution', member: 'context_id', key: 'artifact_id' };
const CHILDREN = { kind: CONTEXT, table: 'ParentContext', member: 'context_id', key: 'parent_context_id' };
const byInt = <Node>(kind: NodeKind<Node>): Link<Node> => ({
  kind,
  table: kind.propertyTable,
  member: kind.propertyKey,
  key: 'int_value',
  where: DECLARED,
});

const LINKS = {
  artifactsOfContexts: ARTIFACTS,
  executionsOfContexts: EXECUTIONS,
  childrenOfContexts: CHILDREN,
  contextsOfArtifacts: CONTEXTS,
  contextsByInt: byInt(CONTEXT),
  executionsByInt: byInt(EXECUTION),
} satisfies Readonly<Record<keyof GroupPages, Link<unknown>>>;

/** Reads of groups in a few statements each, whatever the number of keys: a walk over the first of each in an index. */
export function createGroupReads(database: Database, refuse: () => void): GroupReads {
  const read = <Result>(call: Call, work: (transaction: Transaction) => Promise<Result>) => {
    refuse();
    refuseLate(call);
    return database.read(work);
  };
  const pages =
    <Node extends Listed>(link: Link<Node>) =>
    async (page: ChildrenPage, call: Call = {}) =>
      read(call, (transaction) => pageOfGroups(transaction, link, page, call));
  return {
    artifactsOfContexts: pages(LINKS.artifactsOfContexts),
    executionsOfContexts: pages(LINKS.executionsOfContexts),
    childrenOfContexts: pages(LINKS.childrenOfContexts),
    contextsOfArtifacts: pages(LINKS.contextsOfArtifacts),
    contextsByInt: pages(LINKS.contextsByInt),
    executionsByInt: pages(LINKS.executionsByInt),
    groupCounts: async (of, group, call = {}) =>
      read(call, (transaction) => countsOfGroups(transaction, LINKS[of], group)),
    count: async (list, call = {}) => read(call, (transaction) => countOfList(transaction, list)),
  };
}

async function pageOfGroups<Node extends Listed>(
  transaction: Transaction,
  link: Link<Node>,
  page: ChildrenPage,
  call: Call,
): Promise<Groups<Node>> {
  const { kind, member } = link;
  const members = membersOf(link, page);
  // The inner SELECT is run for each key, over an index that has the members of a key in their order.
  const rows = await transaction.all(
    `SELECT k.value, n.id FROM json_each(?) AS k CROSS JOIN ${kind.table} AS n WHERE n.id IN (
      SELECT m.${member} ${members.sql} AND m.${member} > ?
      ORDER BY m.${member} ${page.newestFirst ? 'DESC' : 'ASC'} LIMIT ${UNSEEN}
    )`,
    keysOf(page),
    ...members.parameters,
    page.afterId,
    BigInt(page.first),
  );
  const pairs = rows.map((row) => [toInt(row[0]) ?? 0n, toInt(row[1]) ?? 0n] as const);
  const nodes = await nodesById(transaction, kind, [...new Set(pairs.map(([, id]) => id))], call);
  const byKey = Map.groupBy(pairs, ([key]) => key);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return new Map(
    [...byKey].map(([key, members]) => {
      const ids = members.map(([, id]) => id).sort((a, b) => (a < b === (page.newestFirst ?? false) ? 1 : -1));
      return [key, ids.flatMap((id) => byId.get(id) ?? [])];
    }),
  );
}

async function countsOfGroups(transaction: Transaction, link: Link<unknown>, group: Group) {
  const members = membersOf(link, group);
  const rows = await transaction.all(
    `SELECT k.value, (SELECT COUNT(*) ${members.sql}) FROM json_each(?) AS k`,
    ...members.parameters,
    keysOf(group),
  );
  return new Map(rows.map((row) => [toInt(row[0]) ?? 0n, Number(row[1])]));
}

function keysOf({ keys }: Group): string {
  return jsonList([...new Set(keys)]);
}

/** The rows of the group of `k.value`, as `m`: what stands behind SELECT. */
function membersOf({ kind, table, member, key, where }: Link<unknown>, group: Group): Condition {
  const { types, parentTypes, property = '' } = group;
  const conditions: Condition[] = [{ sql: `m.${key} = k.value`, parameters: [] }];
  if (where) conditions.push({ sql: where, parameters: [property] });
  // The unary plus keeps the planner from looking up the type in an index in place of the member by its id.
  if (types) conditions.push({ sql: `+a.type_id IN (${TYPE_IDS})`, parameters: [kind.typeKind, jsonList(types)] });
  if (parentTypes) conditions.push(hasParent(parentTypes));
  const { sql, parameters } = allOf(conditions);
  return { sql: `FROM ${table} AS m CROSS JOIN ${kind.table} AS a ON a.id = m.${member} WHERE ${sql}`, parameters };
}

/** A type's kind and names are bound to it. */
const TYPE_IDS = 'SELECT id FROM Type WHERE type_kind = ? AND name IN (SELECT value FROM json_each(?))';

function hasParent(types: readonly string[]): Condition {
  return {
    sql: `EXISTS (
      SELECT 1 FROM ParentContext AS p JOIN Context AS c ON c.id = p.parent_context_id
      WHERE p.context_id = a.id AND c.type_id IN (${TYPE_IDS})
    )`,
    parameters: [CONTEXT.typeKind, jsonList(types)],
  };
}

const NODES = { Artifact: ARTIFACT, Execution: EXECUTION, Context: CONTEXT };

/** A list within a context: its artifacts, its executions or its children. */
const WITHIN = { Artifact: ARTIFACTS, Execution: EXECUTIONS, Context: CHILDREN };

async function countOfList(transaction: Transaction, list: CountedList): Promise<number> {
  const kind: NodeKind<unknown> = NODES[list.node];
  const { table, member, key } = WITHIN[list.node];
  const within = (contextId: bigint): Condition => ({
    sql: `n.id IN (SELECT ${member} FROM ${table} WHERE ${key} = ?)`,
    parameters: [contextId],
  });
  const { sql, parameters } = allOf([
    ...(list.typeName === undefined ? [] : [ofType(kind, { typeName: list.typeName })]),
    ...(list.contextId === undefined ? [] : [within(list.contextId)]),
    ...(list.filterQuery ? [toCondition(kind, list.filterQuery)] : []),
  ]);
  const bound: readonly SqlValue[] = parameters;
  const [row] = await transaction.all(
    `SELECT COUNT(*) FROM ${kind.table} AS n LEFT JOIN Type AS t ON t.id = n.type_id WHERE ${sql}`,
    ...bound,
  );
  return Number(row?.[0] ?? 0);
}
