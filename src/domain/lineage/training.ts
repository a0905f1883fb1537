import { keyOf, type Link, type NodeRef } from './graph.ts';

/** What has to be known of nodes to tell which executions trained a model. */
interface Known {
  readonly trains: (execution: NodeRef) => boolean;
  /** False for one that was spared, or that broke off. */
  readonly ran: (execution: NodeRef) => boolean;
  readonly isModel: (artifact: NodeRef) => boolean;
}

/**
 * The executions that trained a model: the nearest ones of a training type on the way up from its artifacts over nothing
 * but models (a pushed model was copied from a trained one), or steps of the run that is the source; where there are none
 * of such a type, what wrote the artifacts.
 */
export function trainingAmong(links: readonly Link[], models: readonly NodeRef[], known: Known): readonly NodeRef[] {
  const into = Map.groupBy(links, ({ to }) => keyOf(to));
  const above = (node: NodeRef, ...kinds: readonly Link['kind'][]) =>
    (into.get(keyOf(node)) ?? []).flatMap(({ from, kind }) => (kinds.includes(kind) ? [from] : []));
  const seen = new Set<string>();
  let writers: readonly NodeRef[] = [];
  let frontier = models;
  while (frontier.length > 0) {
    const files = distinct([...frontier, ...frontier.flatMap((model) => above(model, 'SAME_FILE'))], seen);
    const producers = distinct([...files.flatMap((model) => above(model, 'OUTPUT'))], seen);
    const steps = distinct(
      files.flatMap((model) => above(model, 'STEP_OF')),
      new Set(),
    );
    const trained = distinct([...producers, ...steps].filter(known.trains), new Set());
    if (trained.length > 0) return ranOf(trained, known);
    if (writers.length === 0) writers = producers;
    frontier = producers.flatMap((execution) => above(execution, 'INPUT')).filter(known.isModel);
  }
  return ranOf(writers, known);
}

/** Of several, those that did the work; all where none did. */
function ranOf(executions: readonly NodeRef[], { ran }: Known): readonly NodeRef[] {
  const those = executions.filter(ran);
  return those.length > 0 ? those : executions;
}

/** Each node once, and none that was seen before. */
function distinct(nodes: readonly NodeRef[], seen: Set<string>): readonly NodeRef[] {
  return nodes.filter((node) => {
    const key = keyOf(node);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
