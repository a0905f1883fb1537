import type { Value } from '../../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { toText } from '../../property.ts';
import { RUN_TYPES } from '../model-source.ts';

const RUNS: ReadonlySet<string> = new Set(RUN_TYPES);

/** Properties whose value names a run, or the moment of one. */
export const RUN_PROPERTIES: readonly string[] = ['run_id', 'pipeline_run_id', 'pod_uid', 'pod_name', 'pushed_version'];

/** A pipeline that TFX names after the moment at which a notebook was started, which is one run to people. */
const INTERACTIVE = /^interactive-\d{4}-\d{2}-\d{2}T/;

/** What is known of a node or context that may name a run. */
export interface MarkedNode {
  readonly type: string;
  readonly name?: string | undefined;
  readonly properties: ReadonlyMap<string, Value>;
  readonly customProperties: ReadonlyMap<string, Value>;
}

/** What names the runs of these nodes and contexts: names of run contexts, and values of properties such as `run_id`. */
export function runMarksOf(nodes: Iterable<MarkedNode>): string[] {
  const marks = new Set<string>();
  for (const { type, name = '', properties, customProperties } of nodes) {
    if (RUNS.has(type) || (type === 'pipeline' && INTERACTIVE.test(name))) marks.add(name);
    for (const property of RUN_PROPERTIES) {
      for (const value of [properties.get(property), customProperties.get(property)])
        if (value) marks.add(toText(value));
    }
  }
  return [...marks].filter((mark) => mark !== '');
}
