import type { Closure, ClosureLink, ClosureNode } from '../../src/domain/lineage/diff/closure.ts';
import { runMarksOf } from '../../src/domain/lineage/diff/run-marks.ts';
import { keyOf, type NodeRef } from '../../src/domain/lineage/graph.ts';
import type { Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

/** A step of a pipeline: what it reads by place, and the places of what it writes. */
export interface Step {
  readonly name: string;
  /** The type of its execution and the step that it is, where it is not called after it. */
  readonly component?: string;
  readonly reads: Readonly<Record<string, readonly string[]>>;
  readonly writes: readonly string[];
}

/** What is special in one run. Steps and artifacts are known by name; artifacts are called `Step/place` or by their source. */
export interface Run {
  readonly id: string;
  /** The first id that its nodes get. */
  readonly firstId: number;
  readonly steps: readonly Step[];
  /** URIs of what no step writes. */
  readonly sources: Readonly<Record<string, string>>;
  /** Properties of steps and artifacts, besides those that all have. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly states?: Readonly<Record<string, string>>;
}

/** A pipeline as TFX makes them, with two branches from its examples of which only one leads to the labels. */
export const PIPELINE: readonly Step[] = [
  { name: 'ExampleGen', reads: { dataset: ['text'] }, writes: ['examples'] },
  { name: 'LabelGen', reads: { labels: ['labels'] }, writes: ['labels'] },
  { name: 'StatisticsGen', reads: { examples: ['ExampleGen/examples'] }, writes: ['statistics'] },
  { name: 'SchemaGen', reads: { statistics: ['StatisticsGen/statistics'] }, writes: ['schema'] },
  {
    name: 'Transform',
    reads: { examples: ['ExampleGen/examples'], schema: ['SchemaGen/schema'] },
    writes: ['transformed_examples', 'transform_graph'],
  },
  {
    name: 'Trainer',
    reads: {
      examples: ['Transform/transformed_examples'],
      graph: ['Transform/transform_graph'],
      labels: ['LabelGen/labels'],
    },
    writes: ['model'],
  },
  {
    name: 'Evaluator',
    reads: { model: ['Trainer/model'], labels: ['LabelGen/labels'] },
    writes: ['blessing'],
  },
];

/** The closure of an artifact of a run, as TFX would store it. */
export function closureOf(run: Run, root: string): Closure {
  const all = allOf(run);
  const rootRef = all.refs.get(root);
  if (!rootRef) throw new Error(`the run has no ${root}`);
  const depths = depthsOf(all.links, rootRef);
  const nodes = all.nodes.flatMap((node) => {
    const depth = depths.get(node.key);
    return depth === undefined ? [] : [{ ...node, depth }];
  });
  return {
    root: rootRef,
    nodes: new Map(nodes.map((node) => [node.key, node])),
    links: all.links.filter(({ to }) => depths.has(to)),
    runMarks: runMarksOf(nodes),
  };
}

/** The name of each node of a run by its key. */
export function namesOf(run: Run): Map<string, string> {
  return new Map([...allOf(run).refs].map(([name, ref]) => [keyOf(ref), name]));
}

function allOf({ id, firstId, steps, sources, values = {}, states = {} }: Run) {
  const written = steps.flatMap(({ name, writes }) => writes.map((place) => `${name}/${place}`));
  const refs = new Map<string, NodeRef>([
    ...steps.map(({ name }, index) => [name, { type: 'Execution', id: BigInt(firstId + index) }] as const),
    ...[...Object.keys(sources), ...written].map(
      (name, index) => [name, { type: 'Artifact', id: BigInt(firstId + index) }] as const,
    ),
  ]);
  const refOf = (name: string) => refs.get(name) ?? { type: 'Artifact' as const, id: -1n };
  const own = (name: string, more: Readonly<Record<string, string>>) => valuesOf({ ...more, ...values[name] });
  const node = (name: string, type: string, rest: Partial<ClosureNode>): ClosureNode => ({
    ...{
      ref: refOf(name),
      key: keyOf(refOf(name)),
      type,
      depth: 0,
      state: states[name],
      properties: new Map(),
      customProperties: new Map(),
    },
    ...rest,
  });
  const nodes = [
    ...steps.map(({ name, component = name }) =>
      node(name, `tfx.components.${component}`, {
        state: states[name] ?? 'COMPLETE',
        properties: own(name, { run_id: id, component_id: component, pipeline_name: 'imdb' }),
      }),
    ),
    ...Object.entries(sources).map(([name, uri]) => node(name, 'Dataset', { uri, properties: own(name, {}) })),
    ...steps.flatMap((step) =>
      step.writes.map((place) =>
        node(`${step.name}/${place}`, place, {
          name: `${place}:${id}`,
          uri: `pipelines/imdb/${step.component ?? step.name}/${place}/${refOf(step.name).id}`,
          state: 'LIVE',
          customProperties: own(`${step.name}/${place}`, { name: `${place}:${id}`, tfx_version: '1.14.0' }),
        }),
      ),
    ),
  ];
  return { refs, nodes, links: steps.flatMap((step) => linksOf(step, (each) => keyOf(refOf(each)))) };
}

function linksOf({ name, reads, writes }: Step, key: (name: string) => string): ClosureLink[] {
  return [
    ...Object.entries(reads).flatMap(([place, sources]) =>
      sources.map((source) => ({ from: key(source), to: key(name), kind: 'INPUT' as const, place })),
    ),
    ...writes.map((place) => ({ from: key(name), to: key(`${name}/${place}`), kind: 'OUTPUT' as const, place })),
  ];
}

function depthsOf(links: readonly ClosureLink[], root: NodeRef): Map<string, number> {
  const into = Map.groupBy(links, ({ to }) => to);
  const depths = new Map([[keyOf(root), 0]]);
  for (const [key, depth] of depths) {
    for (const { from } of into.get(key) ?? []) if (!depths.has(from)) depths.set(from, depth + 1);
  }
  return depths;
}

function valuesOf(values: Readonly<Record<string, string | number>>): Map<string, Value> {
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
    ]),
  );
}
