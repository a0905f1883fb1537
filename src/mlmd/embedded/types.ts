import type { EngineRpc } from './rpc.ts';
import { listTypes, typeByName, typesByExternalIds, typesById } from './stored-types.ts';
import { ARTIFACT_TYPE, CONTEXT_TYPE, EXECUTION_TYPE } from './type-kinds.ts';

/** All artifact types but the system-defined base types, by id, without their external ids (as the C++ engine). */
export const getArtifactTypes: EngineRpc<'getArtifactTypes'> = async (transaction) => ({
  artifactTypes: await listTypes(transaction, ARTIFACT_TYPE),
});

/** All execution types but the system-defined base types, by id, without their external ids. */
export const getExecutionTypes: EngineRpc<'getExecutionTypes'> = async (transaction) => ({
  executionTypes: await listTypes(transaction, EXECUTION_TYPE),
});

/** All context types, by id, without their external ids. */
export const getContextTypes: EngineRpc<'getContextTypes'> = async (transaction) => ({
  contextTypes: await listTypes(transaction, CONTEXT_TYPE),
});

/** The artifact types of these ids in the order asked for, repetitions included; unknown ids are left out. */
export const getArtifactTypesById: EngineRpc<'getArtifactTypesById'> = async (transaction, { typeIds }) => ({
  artifactTypes: await typesById(transaction, ARTIFACT_TYPE, typeIds),
});

/** The execution types of these ids in the order asked for, repetitions included; unknown ids are left out. */
export const getExecutionTypesById: EngineRpc<'getExecutionTypesById'> = async (transaction, { typeIds }) => ({
  executionTypes: await typesById(transaction, EXECUTION_TYPE, typeIds),
});

/** The context types of these ids in the order asked for, repetitions included; unknown ids are left out. */
export const getContextTypesById: EngineRpc<'getContextTypesById'> = async (transaction, { typeIds }) => ({
  contextTypes: await typesById(transaction, CONTEXT_TYPE, typeIds),
});

/** The artifact type of this name and version (none or empty: the one without). NOT_FOUND where there is none. */
export const getArtifactType: EngineRpc<'getArtifactType'> = async (transaction, request) => ({
  artifactType: await typeByName(transaction, ARTIFACT_TYPE, request),
});

/** The execution type of this name and version (none or empty: the one without). NOT_FOUND where there is none. */
export const getExecutionType: EngineRpc<'getExecutionType'> = async (transaction, request) => ({
  executionType: await typeByName(transaction, EXECUTION_TYPE, request),
});

/** The context type of this name and version (none or empty: the one without). NOT_FOUND where there is none. */
export const getContextType: EngineRpc<'getContextType'> = async (transaction, request) => ({
  contextType: await typeByName(transaction, CONTEXT_TYPE, request),
});

/** The artifact types of these external ids, by external id, without base types. NOT_FOUND where there are none. */
export const getArtifactTypesByExternalIds: EngineRpc<'getArtifactTypesByExternalIds'> = async (
  transaction,
  { externalIds },
) => ({ artifactTypes: await typesByExternalIds(transaction, ARTIFACT_TYPE, externalIds) });

/** The execution types of these external ids, by external id, without base, input and output types. NOT_FOUND as above. */
export const getExecutionTypesByExternalIds: EngineRpc<'getExecutionTypesByExternalIds'> = async (
  transaction,
  { externalIds },
) => ({ executionTypes: await typesByExternalIds(transaction, EXECUTION_TYPE, externalIds) });

/** The context types of these external ids, by external id. NOT_FOUND where there are none. */
export const getContextTypesByExternalIds: EngineRpc<'getContextTypesByExternalIds'> = async (
  transaction,
  { externalIds },
) => ({ contextTypes: await typesByExternalIds(transaction, CONTEXT_TYPE, externalIds) });
