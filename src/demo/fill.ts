import type { MetadataStore } from '../mlmd/store.ts';

import { experimentsGraph } from './experiments.ts';
import { joinGraphs } from './graph.ts';
import { pipelinesGraph } from './pipelines.ts';
import { registryGraph } from './registry.ts';
import { servingGraph } from './serving.ts';
import { DEMO_TYPES } from './types.ts';
import { writeGraph } from './write.ts';

/**
 * Fills an empty store with demonstration data: registered models with their published values, the pipelines that
 * trained some of them, an experiment, and deployments. ALREADY_EXISTS where the store has it already.
 */
export async function fillWithDemoData(store: MetadataStore): Promise<void> {
  await writeGraph(
    store,
    DEMO_TYPES,
    joinGraphs([registryGraph(), pipelinesGraph(), experimentsGraph(), servingGraph()]),
  );
}
