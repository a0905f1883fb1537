import type { Context } from '../context.ts';
import { INPUT_TYPES, OUTPUT_TYPES } from '../domain/event.ts';
import type { AskedNode, Link } from '../domain/lineage/graph.ts';
import type { Event } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { idsAsked, type Links } from './asked.ts';

/** The links that MLMD's events are: what an execution read and what it wrote. */
export async function eventLinks({ loaders: { walk } }: Context, asked: readonly AskedNode[]): Links {
  const up = waySet(asked, 'up');
  const down = waySet(asked, 'down');
  const [ofArtifacts, ofExecutions] = await Promise.all([
    walk.eventsOfArtifacts(idsAsked(asked, 'Artifact'), onlyTypes(up.artifacts, down.artifacts)),
    walk.eventsOfExecutions(idsAsked(asked, 'Execution'), onlyTypes(down.executions, up.executions)),
  ]);
  // Upstream of an artifact is what wrote it, upstream of an execution what it read.
  const wanted = ({ type, artifactId = 0n }: Event) =>
    (OUTPUT_TYPES.has(type) && up.artifacts.has(artifactId)) ||
    (INPUT_TYPES.has(type) && down.artifacts.has(artifactId));
  const wantedToo = ({ type, executionId = 0n }: Event) =>
    (INPUT_TYPES.has(type) && up.executions.has(executionId)) ||
    (OUTPUT_TYPES.has(type) && down.executions.has(executionId));
  return [...ofArtifacts.filter(wanted), ...ofExecutions.filter(wantedToo)].map(toLink);
}

function waySet(asked: readonly AskedNode[], way: 'up' | 'down') {
  return {
    artifacts: new Set(idsAsked(asked, 'Artifact', way)),
    executions: new Set(idsAsked(asked, 'Execution', way)),
  };
}

/** The types of the events that nodes are asked for: all, where some are asked for outputs and some for inputs. */
function onlyTypes(forOutputs: ReadonlySet<bigint>, forInputs: ReadonlySet<bigint>) {
  if (forInputs.size === 0) return OUTPUT_TYPES;
  return forOutputs.size === 0 ? INPUT_TYPES : undefined;
}

function toLink(event: Event): Link {
  const artifact = { type: 'Artifact', id: event.artifactId ?? 0n } as const;
  const execution = { type: 'Execution', id: event.executionId ?? 0n } as const;
  return INPUT_TYPES.has(event.type)
    ? { from: artifact, to: execution, kind: 'INPUT', derivedFrom: 'EVENT', event }
    : { from: execution, to: artifact, kind: 'OUTPUT', derivedFrom: 'EVENT', event };
}
