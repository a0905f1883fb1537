import type { LineageGraph } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Sight } from './sight.ts';

/** What the caller sees of a graph: the nodes that are theirs to see, and the links between those. */
export async function shownGraph(graph: LineageGraph, sight: Sight): Promise<LineageGraph> {
  const { artifacts, executions, contexts, events, attributions, associations, parentContexts } = graph;
  const [artifactIds, executionIds, contextIds] = await Promise.all([
    sight.ids('Artifact', [
      ...artifacts.map(({ id }) => id),
      ...[...events, ...attributions].map(({ artifactId }) => artifactId),
    ]),
    sight.ids('Execution', [
      ...executions.map(({ id }) => id),
      ...[...events, ...associations].map(({ executionId }) => executionId),
    ]),
    sight.ids('Context', [
      ...contexts.map(({ id }) => id),
      ...[...attributions, ...associations].map(({ contextId }) => contextId),
      ...parentContexts.flatMap(({ childId, parentId }) => [childId, parentId]),
    ]),
  ]);
  return {
    ...graph,
    artifacts: artifacts.filter(({ id }) => artifactIds.has(id)),
    executions: executions.filter(({ id }) => executionIds.has(id)),
    contexts: contexts.filter(({ id }) => contextIds.has(id)),
    events: events.filter((each) => artifactIds.has(each.artifactId) && executionIds.has(each.executionId)),
    attributions: attributions.filter((each) => artifactIds.has(each.artifactId) && contextIds.has(each.contextId)),
    associations: associations.filter((each) => executionIds.has(each.executionId) && contextIds.has(each.contextId)),
    parentContexts: parentContexts.filter(
      ({ childId, parentId }) => contextIds.has(childId) && contextIds.has(parentId),
    ),
  };
}
