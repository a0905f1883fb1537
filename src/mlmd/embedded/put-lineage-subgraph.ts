import { RegistryError } from '../../errors.ts';
import type { Artifact, Event } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { PutLineageSubgraphRequest_EventEdge as EventEdge } from '../../generated/proto/ml_metadata/proto/metadata_store_service.ts';

import { existingIds } from './existing-ids.ts';
import { insertEvent } from './insert-event.ts';
import { insertAssociations, insertAttributions } from './insert-links.ts';
import type { EngineRpc } from './rpc.ts';
import { jsonList, type Transaction, toInt } from './transaction.ts';
import { upsertContexts } from './upsert-contexts.ts';
import { checkTyped, upsertNodes } from './upsert-nodes.ts';
import { ARTIFACTS, CONTEXTS, EXECUTIONS } from './write-kinds.ts';

/**
 * Writes contexts, artifacts, executions and events, and puts every execution and artifact of the request into every
 * context of it. OUT_OF_RANGE for an edge to a place that its list does not have; else as the RPCs that write one of
 * them, with every `type_id` required.
 */
export const putLineageSubgraph: EngineRpc<'putLineageSubgraph'> = async (transaction, request) => {
  const { artifacts, executions, contexts, eventEdges, options = {} } = request;
  for (const edge of eventEdges) {
    if (!edge.event) throw invalid('An edge has no event.');
    checkEnd('execution', executions, edge.executionIndex, edge.event.executionId);
    checkEnd('artifact', artifacts, edge.artifactIndex, edge.event.artifactId);
  }
  await checkTyped(transaction, ARTIFACTS, artifacts);
  await checkTyped(transaction, EXECUTIONS, executions);
  await checkTyped(transaction, CONTEXTS, contexts);
  const contextIds = await upsertContexts(transaction, contexts, {
    reuseContextIfAlreadyExist: options.reuseContextIfAlreadyExist,
  });
  const reused = options.reuseArtifactIfAlreadyExistByExternalId ? await withIds(transaction, artifacts) : artifacts;
  const artifactIds = await upsertNodes(transaction, ARTIFACTS, reused);
  const executionIds = await upsertNodes(transaction, EXECUTIONS, executions);
  await insertAssociations(transaction, allPairs(contextIds, executionIds));
  await insertAttributions(transaction, allPairs(contextIds, artifactIds));
  await insertEvents(transaction, eventEdges, artifactIds, executionIds);
  return { executionIds, artifactIds, contextIds };
};

function invalid(message: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message);
}

/** An end of an edge is a place in the request, an id, or both if they mean the same node. */
function checkEnd(
  noun: string,
  nodes: readonly { readonly id?: bigint | undefined }[],
  index: number | undefined,
  id: bigint | undefined,
): void {
  if (index === undefined && id === undefined) throw invalid(`An edge has neither an index nor an id of its ${noun}.`);
  if (index === undefined) return;
  const node = nodes[index];
  if (!node) {
    throw new RegistryError('OUT_OF_RANGE', `An edge has the ${noun}_index ${index}; there are ${nodes.length}.`);
  }
  if (id !== undefined && node.id !== id) throw invalid(`An edge names two ${noun}s: by its index and by its id.`);
}

/** The artifacts, those without an id that have the external id of a stored one with its id. */
async function withIds(transaction: Transaction, artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const externalIds = artifacts.map(({ externalId }) => externalId).filter((externalId) => externalId !== undefined);
  const rows = await transaction.all(
    'SELECT external_id, id FROM Artifact WHERE external_id IN (SELECT value FROM json_each(?))',
    jsonList(externalIds.filter((externalId) => externalId !== '')),
  );
  const ids = new Map(rows.map(([externalId, id]) => [externalId, toInt(id)]));
  return artifacts.map((artifact) => ({ ...artifact, id: artifact.id ?? ids.get(artifact.externalId ?? null) }));
}

function allPairs(contextIds: readonly bigint[], memberIds: readonly bigint[]) {
  return contextIds.flatMap((contextId) => memberIds.map((memberId) => [contextId, memberId] as const));
}

async function insertEvents(
  transaction: Transaction,
  edges: readonly EventEdge[],
  artifactIds: readonly bigint[],
  executionIds: readonly bigint[],
): Promise<void> {
  const events = edges.map(
    ({ event = {}, artifactIndex, executionIndex }): Event => ({
      ...event,
      artifactId: event.artifactId ?? artifactIds[artifactIndex ?? 0],
      executionId: event.executionId ?? executionIds[executionIndex ?? 0],
    }),
  );
  // Ids that only an event has are looked up; the C++ engine takes them unseen and so stores events of nothing.
  const artifacts = await existingIds(
    transaction,
    ARTIFACTS,
    events.map(({ artifactId }) => artifactId),
  );
  const executions = await existingIds(
    transaction,
    EXECUTIONS,
    events.map(({ executionId }) => executionId),
  );
  for (const event of events) await insertEvent(transaction, event, { artifacts, executions });
}
