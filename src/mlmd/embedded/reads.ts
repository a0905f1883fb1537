import {
  getChildrenContextsByContexts,
  getEventsByArtifactIDs,
  getEventsByExecutionIDs,
  getParentContextsByContexts,
} from './edges.ts';
import { getLineageSubgraph } from './lineage.ts';
import { listNodes } from './list.ts';
import { ARTIFACT, CONTEXT, EXECUTION } from './node-kinds.ts';
import { nodesById } from './nodes.ts';
import type { EngineRpcs } from './rpc.ts';
import * as types from './types.ts';

/** The RPCs that read. */
export const READS = {
  getArtifactType: types.getArtifactType,
  getArtifactTypes: types.getArtifactTypes,
  getArtifactTypesById: types.getArtifactTypesById,
  getArtifactTypesByExternalIds: types.getArtifactTypesByExternalIds,
  getExecutionType: types.getExecutionType,
  getExecutionTypes: types.getExecutionTypes,
  getExecutionTypesById: types.getExecutionTypesById,
  getExecutionTypesByExternalIds: types.getExecutionTypesByExternalIds,
  getContextType: types.getContextType,
  getContextTypes: types.getContextTypes,
  getContextTypesById: types.getContextTypesById,
  getContextTypesByExternalIds: types.getContextTypesByExternalIds,
  async getArtifacts(transaction, { options }, call) {
    const { nodes, ...page } = await listNodes(transaction, ARTIFACT, options, [], call);
    return { artifacts: nodes, ...page };
  },
  async getExecutions(transaction, { options }, call) {
    const { nodes, ...page } = await listNodes(transaction, EXECUTION, options, [], call);
    return { executions: nodes, ...page };
  },
  async getContexts(transaction, { options }, call) {
    const { nodes, ...page } = await listNodes(transaction, CONTEXT, options, [], call);
    return { contexts: nodes, ...page };
  },
  getArtifactsById: async (transaction, request, call) => ({
    artifacts: await nodesById(transaction, ARTIFACT, request.artifactIds, call),
    artifactTypes: [],
  }),
  getExecutionsById: async (transaction, request, call) => ({
    executions: await nodesById(transaction, EXECUTION, request.executionIds, call),
  }),
  getContextsById: async (transaction, request, call) => ({
    contexts: await nodesById(transaction, CONTEXT, request.contextIds, call),
  }),
  async getArtifactsByContext(transaction, { contextId = 0n, options }, call) {
    const members = 'n.id IN (SELECT artifact_id FROM Attribution WHERE context_id = ?)';
    const scope = [{ sql: members, parameters: [contextId] }];
    const { nodes, ...page } = await listNodes(transaction, ARTIFACT, options, scope, call);
    return { artifacts: nodes, ...page };
  },
  async getExecutionsByContext(transaction, { contextId = 0n, options }, call) {
    const members = 'n.id IN (SELECT execution_id FROM Association WHERE context_id = ?)';
    const scope = [{ sql: members, parameters: [contextId] }];
    const { nodes, ...page } = await listNodes(transaction, EXECUTION, options, scope, call);
    return { executions: nodes, ...page };
  },
  getEventsByArtifactIDs,
  getEventsByExecutionIDs,
  getParentContextsByContexts,
  getChildrenContextsByContexts,
  getLineageSubgraph,
} satisfies EngineRpcs;
