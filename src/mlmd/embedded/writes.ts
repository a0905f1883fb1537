import { putAttributionsAndAssociations, putEvents, putParentContexts } from './put-edges.ts';
import { putExecution } from './put-execution.ts';
import { putLineageSubgraph } from './put-lineage-subgraph.ts';
import { putArtifacts, putContexts, putExecutions } from './put-nodes.ts';
import { putArtifactType, putContextType, putExecutionType, putTypes } from './put-types.ts';
import type { EngineRpcs } from './rpc.ts';

/** The RPCs that write. */
export const WRITES = {
  putArtifactType,
  putExecutionType,
  putContextType,
  putTypes,
  putArtifacts,
  putExecutions,
  putContexts,
  putEvents,
  putExecution,
  putLineageSubgraph,
  putAttributionsAndAssociations,
  putParentContexts,
} satisfies EngineRpcs;
