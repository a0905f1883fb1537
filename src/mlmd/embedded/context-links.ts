import type { Call } from '../store.ts';
import { CONTEXT } from './node-kinds.ts';
import { nodesWhere } from './nodes.ts';
import type { EngineRpc } from './rpc.ts';
import { jsonList, type Transaction, toInt } from './transaction.ts';

/** The parents of a context, by ascending id; none for an unknown one. */
export const getParentContextsByContext: EngineRpc<'getParentContextsByContext'> = async (
  transaction,
  { contextId = 0n },
  call,
) => {
  const linked = await linkedContexts(transaction, 'context_id', 'parent_context_id', [contextId], call);
  return { contexts: linked.get(contextId) ?? [] };
};

/** The children of a context, by ascending id; none for an unknown one. */
export const getChildrenContextsByContext: EngineRpc<'getChildrenContextsByContext'> = async (
  transaction,
  { contextId = 0n },
  call,
) => {
  const linked = await linkedContexts(transaction, 'parent_context_id', 'context_id', [contextId], call);
  return { contexts: linked.get(contextId) ?? [] };
};

/** The parents of each of these contexts, by ascending id. */
export const getParentContextsByContexts: EngineRpc<'getParentContextsByContexts'> = async (
  transaction,
  request,
  call,
) => {
  const linked = await linkedContexts(transaction, 'context_id', 'parent_context_id', request.contextIds, call);
  return { contexts: new Map([...linked].map(([id, parentContexts]) => [id, { parentContexts }])) };
};

/** The children of each of these contexts, by ascending id. */
export const getChildrenContextsByContexts: EngineRpc<'getChildrenContextsByContexts'> = async (
  transaction,
  request,
  call,
) => {
  const linked = await linkedContexts(transaction, 'parent_context_id', 'context_id', request.contextIds, call);
  return { contexts: new Map([...linked].map(([id, childrenContexts]) => [id, { childrenContexts }])) };
};

type LinkColumn = 'context_id' | 'parent_context_id';

/** For each id that has any: the contexts at the `to` end of the ParentContext rows that have it at the `from` end. */
async function linkedContexts(
  transaction: Transaction,
  from: LinkColumn,
  to: LinkColumn,
  ids: readonly bigint[],
  call: Call,
) {
  const links = await transaction.all(
    `SELECT ${from}, ${to} FROM ParentContext WHERE ${from} IN (SELECT value FROM json_each(?)) ORDER BY ${to}`,
    jsonList(ids),
  );
  const wanted = [...new Set(links.map((row) => toInt(row[1]) ?? 0n))];
  const contexts = await nodesWhere(
    transaction,
    CONTEXT,
    'n.id IN (SELECT value FROM json_each(?))',
    [jsonList(wanted)],
    call,
  );
  const byId = new Map(contexts.map((context) => [context.id ?? 0n, context]));
  const linked = Map.groupBy(links, (row) => toInt(row[0]) ?? 0n);
  return new Map(
    [...linked].map(([id, rows]) => [id, rows.flatMap((row) => byId.get(toInt(row[1]) ?? 0n) ?? [])] as const),
  );
}
