import type { RegistryNode } from '../domain/registry-kinds.ts';
import type { Row } from '../domain/row.ts';
import { RegistryError } from '../errors.ts';
import type { Call, MetadataStoreRpcs } from '../mlmd/store.ts';

/** How an update is written. */
export interface PutOptions {
  /** The paths to write; absent for all. */
  readonly updateMask?: readonly string[];
  /** Only where the row's time of the last update is still the stored one; FAILED_PRECONDITION else. */
  readonly ifUnchanged?: boolean;
}

/** The RPCs of one kind of node. */
export interface NodeRpcs {
  /** The nodes of these ids that exist. */
  byIds(rpcs: MetadataStoreRpcs, ids: readonly bigint[], call: Call): Promise<readonly Row[]>;
  byName(rpcs: MetadataStoreRpcs, typeName: string, name: string, call: Call): Promise<Row | undefined>;
  /** The nodes that have one of these external ids. */
  byExternalIds(rpcs: MetadataStoreRpcs, externalIds: readonly string[], call: Call): Promise<readonly Row[]>;
  /** Creates or updates a node; gives its id. */
  put(rpcs: MetadataStoreRpcs, row: Row, options: PutOptions, call: Call): Promise<bigint>;
  /** True where the store itself can refuse an update of what has changed. */
  readonly refusesStale: boolean;
}

/** The RPCs by the kind of node. */
export const NODE_RPCS: Readonly<Record<RegistryNode, NodeRpcs>> = {
  Artifact: {
    byIds: async (rpcs, ids, call) => (await rpcs.getArtifactsById({ artifactIds: [...ids] }, call)).artifacts,
    byName: async (rpcs, typeName, artifactName, call) =>
      (await rpcs.getArtifactByTypeAndName({ typeName, artifactName }, call)).artifact,
    byExternalIds: (rpcs, ids, call) =>
      orNone(async () => (await rpcs.getArtifactsByExternalIds({ externalIds: [...ids] }, call)).artifacts),
    async put(rpcs, row, { updateMask, ifUnchanged }, call) {
      const options = ifUnchanged ? { abortIfLatestUpdatedTimeChanged: true } : undefined;
      const { artifactIds } = await rpcs.putArtifacts(
        { artifacts: [row], updateMask: paths(updateMask), options },
        call,
      );
      return artifactIds[0] ?? 0n;
    },
    refusesStale: true,
  },
  Execution: {
    byIds: async (rpcs, ids, call) => (await rpcs.getExecutionsById({ executionIds: [...ids] }, call)).executions,
    byName: async (rpcs, typeName, executionName, call) =>
      (await rpcs.getExecutionByTypeAndName({ typeName, executionName }, call)).execution,
    byExternalIds: (rpcs, ids, call) =>
      orNone(async () => (await rpcs.getExecutionsByExternalIds({ externalIds: [...ids] }, call)).executions),
    async put(rpcs, row, { updateMask }, call) {
      const { executionIds } = await rpcs.putExecutions({ executions: [row], updateMask: paths(updateMask) }, call);
      return executionIds[0] ?? 0n;
    },
    refusesStale: false,
  },
  Context: {
    byIds: async (rpcs, ids, call) => (await rpcs.getContextsById({ contextIds: [...ids] }, call)).contexts,
    byName: async (rpcs, typeName, contextName, call) =>
      (await rpcs.getContextByTypeAndName({ typeName, contextName }, call)).context,
    byExternalIds: (rpcs, ids, call) =>
      orNone(async () => (await rpcs.getContextsByExternalIds({ externalIds: [...ids] }, call)).contexts),
    async put(rpcs, row, { updateMask }, call) {
      const { contextIds } = await rpcs.putContexts({ contexts: [row], updateMask: paths(updateMask) }, call);
      return contextIds[0] ?? 0n;
    },
    refusesStale: false,
  },
};

function paths(mask: readonly string[] | undefined): string[] | undefined {
  return mask && [...mask];
}

/** MLMD answers NOT_FOUND where no external id is known, and INVALID_ARGUMENT for an empty one, which none has. */
async function orNone(read: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RegistryError && ['NOT_FOUND', 'INVALID_ARGUMENT'].includes(error.code)) return [];
    throw error;
  }
}
