import { RegistryError } from '../../errors.ts';

import { existingIds } from './existing-ids.ts';
import { insertEvent } from './insert-event.ts';
import { type ContextLink, insertAssociations, insertAttributions } from './insert-links.ts';
import type { EngineRpc } from './rpc.ts';
import { type Transaction, toInt } from './transaction.ts';
import { ARTIFACTS, CONTEXTS, EXECUTIONS, type WriteKind } from './write-kinds.ts';

/** Adds events, as {@link insertEvent} does; their artifacts and executions stay as they are. */
export const putEvents: EngineRpc<'putEvents'> = async (transaction, { events }) => {
  const artifacts = await existingIds(transaction, ARTIFACTS, new Set(events.map(({ artifactId }) => artifactId)));
  const executions = await existingIds(transaction, EXECUTIONS, new Set(events.map(({ executionId }) => executionId)));
  for (const event of events) await insertEvent(transaction, event, { artifacts, executions });
  return {};
};

/** Adds artifacts and executions to contexts; what is in already stays. INVALID_ARGUMENT for a node that is not there. */
export const putAttributionsAndAssociations: EngineRpc<'putAttributionsAndAssociations'> = async (
  transaction,
  { attributions, associations },
) => {
  const artifacts = attributions.map(({ contextId, artifactId }) => [contextId, artifactId] as const);
  await insertAttributions(transaction, await checkLinks(transaction, ARTIFACTS, artifacts));
  const executions = associations.map(({ contextId, executionId }) => [contextId, executionId] as const);
  await insertAssociations(transaction, await checkLinks(transaction, EXECUTIONS, executions));
  return {};
};

async function checkLinks(
  transaction: Transaction,
  kind: WriteKind,
  links: readonly (readonly [contextId: bigint | undefined, memberId: bigint | undefined])[],
): Promise<ContextLink[]> {
  const contexts = await existingIds(
    transaction,
    CONTEXTS,
    links.map(([contextId]) => contextId),
  );
  const members = await existingIds(
    transaction,
    kind,
    links.map(([, memberId]) => memberId),
  );
  return links.map(([contextId, memberId]) => {
    if (contextId === undefined || !contexts.has(contextId)) throw missing(CONTEXTS, contextId);
    if (memberId === undefined || !members.has(memberId)) throw missing(kind, memberId);
    return [contextId, memberId];
  });
}

function missing(kind: WriteKind, id: bigint | undefined): RegistryError {
  const { noun } = kind.type;
  return new RegistryError(
    'INVALID_ARGUMENT',
    id === undefined ? `The ${noun} id is missing.` : `There is no ${noun} ${id}.`,
  );
}

/** Makes contexts children of others. INVALID_ARGUMENT for a missing context and a cycle, ALREADY_EXISTS for a repetition. */
export const putParentContexts: EngineRpc<'putParentContexts'> = async (transaction, { parentContexts }) => {
  const named = parentContexts.flatMap(({ childId, parentId }) => [childId, parentId]);
  const contexts = await existingIds(transaction, CONTEXTS, named);
  for (const { childId, parentId } of parentContexts) {
    if (childId === undefined || !contexts.has(childId)) throw missing(CONTEXTS, childId);
    if (parentId === undefined || !contexts.has(parentId)) throw missing(CONTEXTS, parentId);
    await insertParent(transaction, childId, parentId);
  }
  return {};
};

async function insertParent(transaction: Transaction, childId: bigint, parentId: bigint): Promise<void> {
  const [row] = await transaction.all(
    `WITH RECURSIVE ancestor (id) AS (
       SELECT ? UNION SELECT parent_context_id FROM ParentContext JOIN ancestor ON context_id = ancestor.id
     ) SELECT EXISTS (SELECT 1 FROM ancestor WHERE id = ?),
       EXISTS (SELECT 1 FROM ParentContext WHERE context_id = ? AND parent_context_id = ?)`,
    parentId,
    childId,
    childId,
    parentId,
  );
  const [isCycle, isRepetition] = (row ?? []).map(toInt);
  if (isCycle !== 0n) {
    throw new RegistryError(
      'INVALID_ARGUMENT',
      `Context ${childId} is an ancestor of context ${parentId} or the same.`,
    );
  }
  if (isRepetition !== 0n) {
    throw new RegistryError('ALREADY_EXISTS', `Context ${parentId} is already a parent of context ${childId}.`);
  }
  await transaction.run('INSERT INTO ParentContext (context_id, parent_context_id) VALUES (?, ?)', childId, parentId);
}
