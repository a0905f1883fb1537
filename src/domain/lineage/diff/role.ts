import { toText } from '../../property.ts';
import { registryKindOf } from '../../registry-kinds.ts';
import { toOwnName } from '../../registry-names.ts';
import { compareNodes } from '../graph.ts';
import { toKindName } from '../kind-name.ts';
import type { ClosureNode, IndexedClosure, Neighbour } from './closure.ts';

/** Properties that tell which step of its pipeline an execution is: those of TFX and of Kubeflow Pipelines. */
const STEP_PROPERTIES = ['component_id', 'task_name', 'display_name'] as const;

/**
 * What a node is in its closure, whichever run it comes from. An execution: its step and type. An artifact: the step
 * that wrote it, its place among the outputs, its type; where nothing wrote it: the step that read it, the place, the
 * type. Anything else: what is made of it and in which way, and the type.
 */
export function roleOf(closure: IndexedClosure, node: ClosureNode): string {
  if (node.ref.type === 'Execution') return stepOf(node);
  const producer = producerOf(closure, node.key);
  if (producer) return [stepOf(producer.node), producer.link.place, labelOf(node)].join(' → ');
  // What is asked about has a role of its own, even if something that it was made of was made of it as well.
  const user = node.depth === 0 ? undefined : nearest(closure.usersOf(node.key));
  return user ? [labelOf(node), user.link.place || user.link.kind, labelOf(user.node)].join(' → ') : labelOf(node);
}

/** The role that a node has for one of its neighbours. */
export function localRoleOf(closure: IndexedClosure, { node, link }: Neighbour): string {
  return `${link.kind} ${link.place} ${ownRoleOf(closure, node)}`;
}

/** Links are many, and ask for the same again and again. */
const known = new WeakMap<IndexedClosure, Map<ClosureNode, string>>();

/** What a node is, and which step wrote it. */
function ownRoleOf(closure: IndexedClosure, node: ClosureNode): string {
  const roles = known.get(closure) ?? new Map<ClosureNode, string>();
  known.set(closure, roles);
  const before = roles.get(node);
  if (before !== undefined) return before;
  const isArtifact = node.ref.type === 'Artifact';
  const producer = isArtifact ? producerOf(closure, node.key) : undefined;
  const made = producer ? [stepOf(producer.node), producer.link.place] : [];
  const role = JSON.stringify([node.ref.type, labelOf(node), ...made]);
  roles.set(node, role);
  return role;
}

function producerOf(closure: IndexedClosure, key: string): Neighbour | undefined {
  return nearest(closure.sourcesOf(key).filter(({ link }) => link.kind === 'OUTPUT'));
}

/** What a node is called without its neighbours. Metrics and parameters are known by their names. */
function labelOf(node: ClosureNode): string {
  if (node.ref.type === 'Execution') return stepOf(node);
  const kind = registryKindOf(node);
  const name = kind === 'Metric' || kind === 'Parameter' ? toOwnName(kind, node.name) : undefined;
  return name ? `${kind} ${name}` : toKindName(node.type);
}

/** The step of an execution as people call it, and its type where that says more. */
function stepOf({ type, properties, customProperties }: ClosureNode): string {
  const kind = toKindName(type);
  for (const name of STEP_PROPERTIES) {
    const value = properties.get(name) ?? customProperties.get(name);
    const step = value && toText(value);
    if (step) return step === kind ? step : `${step} (${kind})`;
  }
  return kind;
}

function nearest(neighbours: readonly Neighbour[]): Neighbour | undefined {
  return neighbours.reduce<Neighbour | undefined>(
    (best, each) => (best && compareNearness(best, each) <= 0 ? best : each),
    undefined,
  );
}

function compareNearness({ node: a, link }: Neighbour, { node: b, link: other }: Neighbour): number {
  return a.depth - b.depth || compareNodes(a.ref, b.ref) || (link.place < other.place ? -1 : 1);
}
