import { RegistryError } from '../../errors.ts';
import type { Artifact, Event } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';
import type {
  PutExecutionRequest_ArtifactAndEvent as ArtifactAndEvent,
  PutExecutionRequest_Options as Options,
} from '../../generated/proto/ml_metadata/proto/metadata_store_service.ts';

import { existingIds } from './existing-ids.ts';
import { insertEvent } from './insert-event.ts';
import { insertAssociations, insertAttributions } from './insert-links.ts';
import type { EngineRpc } from './rpc.ts';
import { type Transaction, toInt } from './transaction.ts';
import { upsertContexts } from './upsert-contexts.ts';
import { upsertNodes } from './upsert-nodes.ts';
import { ARTIFACTS, EXECUTIONS } from './write-kinds.ts';

/**
 * Writes an execution with its artifacts and their events, and puts all of them into the contexts. `artifactIds` has
 * one id per pair: its artifact's, else its event's, else -1.
 */
export const putExecution: EngineRpc<'putExecution'> = async (transaction, request) => {
  const { execution, artifactEventPairs: pairs, contexts, options = {} } = request;
  if (!execution) throw new RegistryError('INVALID_ARGUMENT', 'There is no execution.');
  const artifactIds = await upsertArtifacts(transaction, pairs, options);
  const [executionId = 0n] = await upsertNodes(transaction, EXECUTIONS, [execution], options);
  await insertEvents(transaction, pairs, artifactIds, executionId);
  const contextIds = await upsertContexts(transaction, contexts, options);
  await insertAssociations(
    transaction,
    contextIds.map((contextId) => [contextId, executionId]),
  );
  const members = artifactIds.filter((id) => id !== NO_ARTIFACT);
  await insertAttributions(
    transaction,
    contextIds.flatMap((contextId) => members.map((artifactId) => [contextId, artifactId] as const)),
  );
  return { executionId, artifactIds, contextIds };
};

/** What a pair with neither an artifact nor an event answers. */
const NO_ARTIFACT = -1n;

/** The ids of the artifacts that the pairs are about. */
async function upsertArtifacts(
  transaction: Transaction,
  pairs: readonly ArtifactAndEvent[],
  options: Options,
): Promise<bigint[]> {
  const artifacts = pairs.map(({ artifact }) => artifact).filter((artifact) => artifact !== undefined);
  const ids = options.reuseArtifactIfAlreadyExistByExternalId
    ? await upsertReusing(transaction, artifacts)
    : await upsertNodes(transaction, ARTIFACTS, artifacts);
  const next = ids.values();
  return pairs.map(({ artifact, event }) => (artifact ? next.next().value : event?.artifactId) ?? NO_ARTIFACT);
}

/** One by one: an artifact may have the external id of one before it. */
async function upsertReusing(transaction: Transaction, artifacts: readonly Artifact[]): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (const artifact of artifacts) {
    const id = artifact.id ?? (await artifactIdOf(transaction, artifact.externalId));
    ids.push(...(await upsertNodes(transaction, ARTIFACTS, [{ ...artifact, id }])));
  }
  return ids;
}

async function artifactIdOf(transaction: Transaction, externalId: string | undefined): Promise<bigint | undefined> {
  if (!externalId) return undefined;
  const [row] = await transaction.all('SELECT id FROM Artifact WHERE external_id = ?', externalId);
  return toInt(row?.[0]);
}

async function insertEvents(
  transaction: Transaction,
  pairs: readonly ArtifactAndEvent[],
  artifactIds: readonly bigint[],
  executionId: bigint,
): Promise<void> {
  // Ids that only an event names are looked up; the C++ engine takes them unseen and so stores events of nothing.
  const artifacts = await existingIds(transaction, ARTIFACTS, artifactIds);
  const ends = { artifacts, executions: new Set([executionId]) };
  for (const [index, { artifact, event }] of pairs.entries()) {
    if (!event) continue;
    const artifactId = artifact ? artifactIds[index] : event.artifactId;
    checkEnds(event, artifactId, executionId);
    await insertEvent(transaction, { ...event, artifactId, executionId }, ends);
  }
}

function checkEnds(event: Event, artifactId: bigint | undefined, executionId: bigint): void {
  if (event.executionId !== undefined && event.executionId !== executionId) {
    throw new RegistryError('INVALID_ARGUMENT', 'An event names another execution than the one it comes with.');
  }
  if (event.artifactId !== undefined && event.artifactId !== artifactId) {
    throw new RegistryError('INVALID_ARGUMENT', 'An event names another artifact than the one it comes with.');
  }
}
