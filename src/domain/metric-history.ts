import { artifactKindOf, METRIC_HISTORY_TYPE, registryKindOf } from './registry-kinds.ts';
import { toOwnName } from './registry-names.ts';

/** The name of a metric. A logged value of it is stored as `7:loss__1700000000000`: the name before the last `__`. */
export function toLoggedName({
  name,
  type,
}: {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
}): string | undefined {
  const own = toOwnName('Metric', name);
  return type === METRIC_HISTORY_TYPE ? own?.replace(/__\d+$/, '') : own;
}

/** The bounds, both included and excluded, of the stored names that the logged values of a run's metric can have. */
export function loggedNameBounds(runId: bigint, metric: string): { readonly from: string; readonly below: string } {
  // A digit follows the `__`; `:` is the character behind 9.
  return { from: `${runId}:${metric}__0`, below: `${runId}:${metric}__:` };
}

interface Typed {
  readonly type?: string | undefined;
}

/** The kind that a node is shown as: its own, and a metric for a logged value of one. */
export function shownKindOf(node: Typed): ReturnType<typeof registryKindOf> {
  return node.type === METRIC_HISTORY_TYPE ? 'Metric' : registryKindOf(node);
}

/** The kind that an artifact is shown as, in the same way. */
export function shownArtifactKindOf(node: Typed): ReturnType<typeof artifactKindOf> {
  return node.type === METRIC_HISTORY_TYPE ? 'Metric' : artifactKindOf(node);
}
