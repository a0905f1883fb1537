import {
  getChildrenContextsByContext,
  getChildrenContextsByContexts,
  getParentContextsByContext,
  getParentContextsByContexts,
} from './context-links.ts';
import { getEventsByArtifactIDs, getEventsByExecutionIDs } from './events.ts';
import { getLineageSubgraph } from './lineage.ts';
import { getLineageGraph } from './lineage-graph.ts';
import { ARTIFACT_READS, CONTEXT_READS, EXECUTION_READS } from './node-reads.ts';
import type { EngineRpcs } from './rpc.ts';
import * as types from './types.ts';

/** The RPCs that read. */
export const READS = {
  ...types,
  ...ARTIFACT_READS,
  ...EXECUTION_READS,
  ...CONTEXT_READS,
  getEventsByArtifactIDs,
  getEventsByExecutionIDs,
  getParentContextsByContext,
  getParentContextsByContexts,
  getChildrenContextsByContext,
  getChildrenContextsByContexts,
  getLineageSubgraph,
  getLineageGraph,
} satisfies EngineRpcs;
