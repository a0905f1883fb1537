import { Artifact_State, Execution_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { DemoArtifact, DemoExecution, DemoGraph, DemoUse, PlainValues } from './graph.ts';
import { joinGraphs } from './graph.ts';
import { metricKey, modelArtifactKey, versionKey } from './model.ts';
import { type DemoPipeline, type DemoRun, PIPELINES } from './pipeline-runs.ts';
import { storyTime } from './time.ts';

/** A step of both pipelines. */
interface Step {
  readonly component: string;
  readonly minutes: number;
  readonly inputs: readonly string[];
  /** The artifacts that it makes, by output: their types and properties. */
  readonly makes: Readonly<Record<string, { readonly type: string; readonly properties?: PlainValues }>>;
  /** Outputs that are artifacts of the registry. */
  readonly registers?: readonly string[];
}

const STEPS: readonly Step[] = [
  {
    component: 'ExampleGen',
    minutes: 4,
    inputs: ['dataset'],
    makes: { examples: { type: 'Examples', properties: { split_names: '["train", "eval"]', span: 0n, version: 1n } } },
  },
  { component: 'ExampleValidator', minutes: 2, inputs: ['examples'], makes: { schema: { type: 'Schema' } } },
  {
    component: 'Transform',
    minutes: 9,
    inputs: ['examples', 'schema'],
    makes: {
      transform_graph: { type: 'TransformGraph' },
      transformed_examples: { type: 'Examples', properties: { split_names: '["train", "eval"]', span: 0n } },
    },
  },
  {
    component: 'Trainer',
    minutes: 74,
    inputs: ['transformed_examples', 'transform_graph', 'teacher'],
    makes: { model: { type: 'Model' }, training_metrics: { type: 'Metrics' } },
    registers: ['registered_model'],
  },
  {
    component: 'Evaluator',
    minutes: 6,
    inputs: ['registered_model', 'examples'],
    makes: { evaluation: { type: 'ModelEvaluation' } },
    registers: ['metrics'],
  },
  {
    component: 'Pusher',
    minutes: 1,
    inputs: ['registered_model', 'evaluation'],
    makes: { pushed_model: { type: 'PushedModel' } },
  },
];

/** The pipelines with their runs, executions and artifacts. */
export function pipelinesGraph(): DemoGraph {
  return joinGraphs(PIPELINES.map(toGraph));
}

function toGraph(pipeline: DemoPipeline): DemoGraph {
  const { name, runs } = pipeline;
  const properties = { pipeline_name: name };
  const steps = joinGraphs(runs.map((run) => toSteps(pipeline, run)));
  return {
    ...steps,
    contexts: [
      { key: name, type: 'pipeline', name, properties },
      ...runs.map(({ id }) => ({
        key: id,
        type: 'run',
        name: id,
        contexts: [name],
        properties: { ...properties, run_id: id },
      })),
    ],
  };
}

/** The steps of a run one after the other, up to the one that fails. */
function toSteps(pipeline: DemoPipeline, run: DemoRun): DemoGraph {
  const last = STEPS.findIndex(({ component }) => component === run.failed?.step);
  const done = last === -1 ? STEPS : STEPS.slice(0, last + 1);
  let minutes = 6 * 60;
  const executions = done.map((step) => {
    const start = minutes;
    if (step.component !== run.cached?.step) minutes += step.minutes;
    return toExecution(pipeline, run, step, { start: storyTime(run.day, start), end: storyTime(run.day, minutes) });
  });
  return { contexts: [], artifacts: done.flatMap((step) => toArtifacts(pipeline, run, step)), executions };
}

function toExecution(
  pipeline: DemoPipeline,
  run: DemoRun,
  { component, inputs, makes, registers = [] }: Step,
  time: { readonly start: number; readonly end: number },
): DemoExecution {
  const outside = fromOutside(pipeline, run);
  const keysOf = (name: string) => outside[name] ?? [outputKey(run, name)];
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, keysOf(name)]));
  const isFailed = component === run.failed?.step;
  return {
    key: `${run.id}/${component}`,
    type: component,
    name: `${run.id} ${component}`,
    contexts: [pipeline.name, run.id],
    state: isFailed
      ? Execution_State.FAILED
      : isCached(run, component)
        ? Execution_State.CACHED
        : Execution_State.COMPLETE,
    inputs: pick(inputs),
    outputs: pick([...Object.keys(makes), ...registers]),
    ...time,
    properties: { pipeline_name: pipeline.name, run_id: run.id, component_id: component },
    customProperties: {
      ...(component === 'Trainer' ? { git_commit: run.commit, ...run.training } : {}),
      ...(isFailed ? run.failed?.why : {}),
    },
  };
}

/** Artifacts that no step of the run makes, by input or output. Those that it does without are none. */
function fromOutside({ model, metrics, inputs }: DemoPipeline, { version }: DemoRun): DemoUse {
  const key = version === undefined ? undefined : versionKey(model, version);
  return {
    teacher: [],
    ...inputs,
    registered_model: key === undefined ? [] : [modelArtifactKey(key)],
    metrics: key === undefined ? [] : metrics.map((metric) => metricKey(key, metric)),
  };
}

function isCached({ cached }: DemoRun, component: string): boolean {
  return component === cached?.step;
}

/** A cached step has the outputs of the earlier run. */
function outputKey(run: DemoRun, output: string): string {
  const step = STEPS.find(({ makes }) => output in makes);
  return `${run.cached && step?.component === run.cached.step ? run.cached.fromRun : run.id}/${output}`;
}

function toArtifacts(pipeline: DemoPipeline, run: DemoRun, { component, makes }: Step): DemoArtifact[] {
  if (isCached(run, component)) return [];
  return Object.entries(makes).map(([output, { type, properties = {} }]) => ({
    key: outputKey(run, output),
    type,
    name: `${run.id} ${output}`,
    uri: `s3://pipelines/${pipeline.name}/${run.id}/${component}/${output}`,
    state: component === run.failed?.step ? Artifact_State.ABANDONED : Artifact_State.LIVE,
    properties,
    customProperties: type === 'Metrics' ? run.measured : {},
  }));
}
