import { Artifact_State } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { DemoArtifact, DemoContext, DemoGraph } from './graph.ts';
import { storyTime } from './time.ts';

const EXPERIMENT = 'sst2-learning-rate';

/** A run of the experiment. All its values are invented. */
interface ExperimentRun {
  readonly name: string;
  readonly status: 'FINISHED' | 'RUNNING';
  readonly day: number;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** The values of each metric, one after each epoch. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

const RUNS: readonly ExperimentRun[] = [
  {
    name: 'lr-5e-5',
    status: 'FINISHED',
    day: 12,
    parameters: { learning_rate: 0.00005, batch_size: 32, epochs: 3, optimizer: 'AdamW' },
    metrics: { loss: [0.291, 0.174, 0.139], accuracy: [90.9, 91.4, 91.2] },
  },
  {
    name: 'lr-2e-5',
    status: 'FINISHED',
    day: 13,
    parameters: { learning_rate: 0.00002, batch_size: 32, epochs: 3, optimizer: 'AdamW' },
    metrics: { loss: [0.312, 0.181, 0.121], accuracy: [91.1, 92.2, 92.5] },
  },
];

const EPOCH_MINUTES = 25;

/** An experiment of two runs with parameters, metrics and the history of the metrics. */
export function experimentsGraph(): DemoGraph {
  return {
    contexts: [
      {
        key: EXPERIMENT,
        type: 'kf.Experiment',
        name: EXPERIMENT,
        properties: {
          description: 'Demonstration: which learning rate suits BERT on SST-2? All values are invented.',
          owner: 'language-team',
          state: 'LIVE',
        },
        customProperties: { search: { parameter: 'learning_rate', values: [0.00005, 0.00002] } },
      },
      ...RUNS.map(toRun),
    ],
    artifacts: RUNS.flatMap((run) => [...toParameters(run), ...toMetrics(run)]),
    executions: [],
  };
}

function toRun(run: ExperimentRun): DemoContext {
  const epochs = Object.values(run.metrics)[0]?.length ?? 0;
  return {
    key: runKey(run),
    type: 'kf.ExperimentRun',
    name: run.name,
    owner: EXPERIMENT,
    properties: {
      description: 'Demonstration: invented values.',
      owner: 'ada',
      state: 'LIVE',
      status: run.status,
      start_time_since_epoch: String(storyTime(run.day)),
      end_time_since_epoch: String(storyTime(run.day, epochs * EPOCH_MINUTES)),
    },
  };
}

function runKey({ name }: ExperimentRun): string {
  return `${EXPERIMENT}/${name}`;
}

function toParameters(run: ExperimentRun): DemoArtifact[] {
  return Object.entries(run.parameters).map(([name, value]) => ({
    key: `${runKey(run)}/parameter/${name}`,
    type: 'kf.Parameter',
    name,
    owner: runKey(run),
    state: Artifact_State.LIVE,
    properties: { parameter_type: typeof value, value: String(value) },
  }));
}

/** A metric has the last value; each value is an artifact of the history, named by its time as well. */
function toMetrics(run: ExperimentRun): DemoArtifact[] {
  return Object.entries(run.metrics).flatMap(([name, values]) => {
    const history = values.map((value, index) => toMeasure(run, name, value, index + 1));
    const last = history.at(-1);
    return last ? [{ ...last, key: `${runKey(run)}/metric/${name}`, type: 'kf.Metric', name }, ...history] : [];
  });
}

function toMeasure(run: ExperimentRun, metric: string, value: number, epoch: number): DemoArtifact {
  const time = String(storyTime(run.day, epoch * EPOCH_MINUTES));
  return {
    key: `${runKey(run)}/history/${metric}/${epoch}`,
    type: 'kf.MetricHistory',
    name: `${metric}__${time}`,
    owner: runKey(run),
    state: Artifact_State.LIVE,
    properties: { value, step: BigInt(epoch), timestamp: time },
  };
}
