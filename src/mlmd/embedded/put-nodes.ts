import type { EngineRpc } from './rpc.ts';
import { upsertNodes } from './upsert-nodes.ts';
import { ARTIFACTS, CONTEXTS, EXECUTIONS } from './write-kinds.ts';

/** Creates and updates artifacts by the rules of {@link upsertNodes}; ids in the order of the request. */
export const putArtifacts: EngineRpc<'putArtifacts'> = async (transaction, { artifacts, updateMask, options }) => ({
  artifactIds: await upsertNodes(transaction, ARTIFACTS, artifacts, { ...options, updateMask }),
});

/** Creates and updates executions by the rules of {@link upsertNodes}; ids in the order of the request. */
export const putExecutions: EngineRpc<'putExecutions'> = async (transaction, { executions, updateMask }) => ({
  executionIds: await upsertNodes(transaction, EXECUTIONS, executions, { updateMask }),
});

/** Creates and updates contexts by the rules of {@link upsertNodes}; ids in the order of the request. */
export const putContexts: EngineRpc<'putContexts'> = async (transaction, { contexts, updateMask }) => ({
  contextIds: await upsertNodes(transaction, CONTEXTS, contexts, { updateMask }),
});
