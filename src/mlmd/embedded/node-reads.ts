import {
  contextsByMember,
  type Membership,
  nodeByTypeAndName,
  nodesByContext,
  nodesByExternalIds,
  nodesByType,
} from './find-nodes.ts';
import { listNodes } from './list.ts';
import { ARTIFACT, CONTEXT, EXECUTION } from './node-kinds.ts';
import { nodesById, nodesWhere } from './nodes.ts';
import type { EngineRpcs } from './rpc.ts';
import { typesById } from './stored-types.ts';
import { jsonList } from './transaction.ts';
import { ARTIFACT_TYPE } from './type-kinds.ts';

const ARTIFACTS_OF: Membership = ['Attribution', 'artifact_id'];
const EXECUTIONS_OF: Membership = ['Association', 'execution_id'];

/** The RPCs that read artifacts. */
export const ARTIFACT_READS = {
  async getArtifacts(transaction, { options }, call) {
    const { nodes, nextPageToken } = await listNodes(transaction, ARTIFACT, options, [], call);
    return { artifacts: nodes, nextPageToken };
  },
  async getArtifactsById(transaction, { artifactIds, populateArtifactTypes }, call) {
    const artifacts = await nodesById(transaction, ARTIFACT, artifactIds, call);
    if (!populateArtifactTypes) return { artifacts, artifactTypes: [] };
    const typeIds = [...new Set(artifacts.map(({ typeId }) => typeId ?? 0n))];
    const types = await typesById(transaction, ARTIFACT_TYPE, typeIds);
    // Here the C++ engine gives types without their base types.
    return { artifacts, artifactTypes: types.map((type) => ({ ...type, baseType: undefined })) };
  },
  async getArtifactsByType(transaction, request, call) {
    const { nodes, nextPageToken } = await nodesByType(transaction, ARTIFACT, request, call);
    return { artifacts: nodes, nextPageToken };
  },
  async getArtifactsByContext(transaction, request, call) {
    const { nodes, nextPageToken } = await nodesByContext(transaction, ARTIFACT, ARTIFACTS_OF, request, call);
    return { artifacts: nodes, nextPageToken };
  },
  getArtifactByTypeAndName: async (transaction, request, call) => ({
    artifact: await nodeByTypeAndName(transaction, ARTIFACT, request, request.artifactName, call),
  }),
  getArtifactsByExternalIds: async (transaction, { externalIds }, call) => ({
    artifacts: await nodesByExternalIds(transaction, ARTIFACT, externalIds, call),
  }),
  async getArtifactsByUri(transaction, { uris }, call) {
    const where = 'n.uri IN (SELECT value FROM json_each(?)) ORDER BY n.id';
    return { artifacts: await nodesWhere(transaction, ARTIFACT, where, [jsonList(uris)], call) };
  },
} satisfies EngineRpcs;

/** The RPCs that read executions. */
export const EXECUTION_READS = {
  async getExecutions(transaction, { options }, call) {
    const { nodes, nextPageToken } = await listNodes(transaction, EXECUTION, options, [], call);
    return { executions: nodes, nextPageToken };
  },
  getExecutionsById: async (transaction, { executionIds }, call) => ({
    executions: await nodesById(transaction, EXECUTION, executionIds, call),
  }),
  async getExecutionsByType(transaction, request, call) {
    const { nodes, nextPageToken } = await nodesByType(transaction, EXECUTION, request, call);
    return { executions: nodes, nextPageToken };
  },
  async getExecutionsByContext(transaction, request, call) {
    const { nodes, nextPageToken } = await nodesByContext(transaction, EXECUTION, EXECUTIONS_OF, request, call);
    return { executions: nodes, nextPageToken };
  },
  getExecutionByTypeAndName: async (transaction, request, call) => ({
    execution: await nodeByTypeAndName(transaction, EXECUTION, request, request.executionName, call),
  }),
  getExecutionsByExternalIds: async (transaction, { externalIds }, call) => ({
    executions: await nodesByExternalIds(transaction, EXECUTION, externalIds, call),
  }),
} satisfies EngineRpcs;

/** The RPCs that read contexts by anything but their family. */
export const CONTEXT_READS = {
  async getContexts(transaction, { options }, call) {
    const { nodes, nextPageToken } = await listNodes(transaction, CONTEXT, options, [], call);
    return { contexts: nodes, nextPageToken };
  },
  getContextsById: async (transaction, { contextIds }, call) => ({
    contexts: await nodesById(transaction, CONTEXT, contextIds, call),
  }),
  async getContextsByType(transaction, request, call) {
    const { nodes, nextPageToken } = await nodesByType(transaction, CONTEXT, request, call);
    return { contexts: nodes, nextPageToken };
  },
  getContextByTypeAndName: async (transaction, request, call) => ({
    context: await nodeByTypeAndName(transaction, CONTEXT, request, request.contextName, call),
  }),
  getContextsByExternalIds: async (transaction, { externalIds }, call) => ({
    contexts: await nodesByExternalIds(transaction, CONTEXT, externalIds, call),
  }),
  getContextsByArtifact: async (transaction, { artifactId }, call) => ({
    contexts: await contextsByMember(transaction, ARTIFACTS_OF, artifactId, call),
  }),
  getContextsByExecution: async (transaction, { executionId }, call) => ({
    contexts: await contextsByMember(transaction, EXECUTIONS_OF, executionId, call),
  }),
} satisfies EngineRpcs;
