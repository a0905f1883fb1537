import type { Context } from '../context.ts';
import type { Closure, ClosureLink, ClosureNode } from '../domain/lineage/diff/closure.ts';
import { RUN_PROPERTIES, runMarksOf } from '../domain/lineage/diff/run-marks.ts';
import { keyOf, type Link, type NodeRef } from '../domain/lineage/graph.ts';
import { RUN_TYPES } from '../domain/lineage/model-source.ts';
import { type StoredNode, stateOf } from '../domain/lineage/node-filter.ts';
import type { Context as ContextMessage } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import { fullNodes } from './stored-nodes.ts';
import type { Upstream } from './walk-up.ts';

/** What was walked over with the values of its nodes, the places of its events and what names its runs. */
export async function loadClosure(context: Context, upstream: Upstream): Promise<Closure> {
  const walked = [...upstream.nodes.values()];
  const refs = walked.map(({ ref }) => ref);
  const [stored, links, runs] = await Promise.all([
    fullNodes(context, refs),
    Promise.all(upstream.links.map((link) => withPlace(context, link))),
    runsOf(context, refs),
  ]);
  const nodes = walked.flatMap(({ ref, depth }, index): ClosureNode[] => {
    const node = stored[index];
    if (!node) return [];
    const { type = '', name, properties, customProperties } = node;
    const uri = 'uri' in node ? node.uri : undefined;
    return [{ ref, key: keyOf(ref), depth, type, name, uri, state: stateIn(ref, node), properties, customProperties }];
  });
  return {
    root: upstream.root,
    nodes: new Map(nodes.map((node) => [node.key, node])),
    links,
    runMarks: runMarksOf([...nodes, ...runs]),
  };
}

/** The state of a context of the registry is a property, and compared as such. */
function stateIn(ref: NodeRef, node: StoredNode): string | undefined {
  return ref.type === 'Context' ? undefined : stateOf(ref, node);
}

async function withPlace({ loaders }: Context, { from, to, kind, event }: Link): Promise<ClosureLink> {
  const [step] = event ? await loaders.eventPath(event) : [];
  return { from: keyOf(from), to: keyOf(to), kind, place: step?.key ?? step?.index?.toString() ?? '' };
}

const PIPELINE = 'pipeline';
const NAMING: ReadonlySet<string | undefined> = new Set([...RUN_TYPES, PIPELINE]);

/** The runs and pipelines that executions belong to, each once, with what names them. */
async function runsOf({ loaders }: Context, refs: readonly NodeRef[]) {
  const executions = refs.filter(({ type }) => type === 'Execution');
  const memberships = await Promise.all(executions.map(({ id }) => loaders.contextsOfExecution.load(id)));
  const contexts = await Promise.all([...new Set(memberships.flat())].map((id) => loaders.context.load(id)));
  const runs = contexts.filter((each): each is ContextMessage => NAMING.has(each?.type));
  const full = await Promise.all(runs.map((run) => loaders.context.withProperties(run, RUN_PROPERTIES)));
  return full.map(({ type = '', name, properties, customProperties }) => ({
    type,
    name,
    properties,
    customProperties,
  }));
}
