import { INPUT_TYPES } from '../domain/event.ts';
import type { Link } from '../domain/lineage/graph.ts';
import type { Event } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

/** The link that one of MLMD's events is: an execution read an artifact, or wrote it. */
export function eventLink(event: Event): Link {
  const artifact = { type: 'Artifact', id: event.artifactId ?? 0n } as const;
  const execution = { type: 'Execution', id: event.executionId ?? 0n } as const;
  return INPUT_TYPES.has(event.type)
    ? { from: artifact, to: execution, kind: 'INPUT', derivedFrom: 'EVENT', event }
    : { from: execution, to: artifact, kind: 'OUTPUT', derivedFrom: 'EVENT', event };
}
