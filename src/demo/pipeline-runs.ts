import type { PlainValues } from './graph.ts';
import { modelArtifactKey, versionKey } from './model.ts';
import { BERT_SST2, DISTILBERT_SST2 } from './sst2-models.ts';

/** A pipeline that trains one registered model. */
export interface DemoPipeline {
  readonly name: string;
  readonly model: string;
  /** The metrics that its Evaluator writes. */
  readonly metrics: readonly string[];
  /** Keys of artifacts from outside, by the input that they are for. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly DemoRun[];
}

/** One run of a pipeline. */
export interface DemoRun {
  readonly id: string;
  /** Days after the story's first. */
  readonly day: number;
  /** The code that its Trainer runs, as Git names it. */
  readonly commit: string;
  /** The version that it registers; none where it fails. */
  readonly version?: string;
  /** Custom properties of the Trainer. */
  readonly training: PlainValues;
  /** Custom properties of the Trainer's metrics. */
  readonly measured: PlainValues;
  /** A step whose outputs are taken from an earlier run. */
  readonly cached?: { readonly step: string; readonly fromRun: string };
  /** The step at which it ends, and what that left behind as custom properties. */
  readonly failed?: { readonly step: string; readonly why: PlainValues };
}

/** Both pipelines read one dataset; the second one learns from the model that the first one made. */
export const PIPELINES: readonly DemoPipeline[] = [
  {
    name: 'bert-sst2',
    model: BERT_SST2.name,
    metrics: Object.keys(BERT_SST2.metrics),
    inputs: { dataset: ['sst-2'] },
    runs: [
      {
        id: 'bert-sst2-2026-01-27',
        day: 15,
        commit: '9b1f6e2',
        version: 'v2',
        training: { learning_rate: 0.00003, epochs: 2n, batch_size: 32n, mixed_precision: false },
        measured: { train_loss: 0.162, steps: 4_210n },
      },
      {
        id: 'bert-sst2-2026-01-29',
        day: 17,
        commit: '9b1f6e2',
        training: { learning_rate: 0.00002, epochs: 3n, batch_size: 128n, mixed_precision: false },
        measured: { train_loss: 0.411, steps: 873n },
        failed: {
          step: 'Trainer',
          why: { error_message: 'CUDA out of memory: batch_size 128 does not fit.', exit_code: 1n, retryable: false },
        },
      },
      {
        id: 'bert-sst2-2026-01-30',
        day: 18,
        commit: 'c07d3aa',
        version: 'v3',
        training: { learning_rate: 0.00002, epochs: 3n, batch_size: 32n, mixed_precision: true },
        measured: { train_loss: 0.118, steps: 6_315n },
        cached: { step: 'ExampleGen', fromRun: 'bert-sst2-2026-01-29' },
      },
    ],
  },
  {
    name: 'distilbert-sst2',
    model: DISTILBERT_SST2.name,
    metrics: Object.keys(DISTILBERT_SST2.metrics),
    inputs: { dataset: ['sst-2'], teacher: [modelArtifactKey(versionKey(BERT_SST2.name, 'v3'))] },
    runs: [
      {
        id: 'distilbert-sst2-2026-02-03',
        day: 22,
        commit: '5e4410b',
        version: 'v1',
        training: { learning_rate: 0.00005, epochs: 1n, batch_size: 32n, temperature: 1.5 },
        measured: { train_loss: 0.334, steps: 2_105n },
      },
      {
        id: 'distilbert-sst2-2026-02-10',
        day: 29,
        commit: '5e4410b',
        version: 'v2',
        training: { learning_rate: 0.00002, epochs: 2n, batch_size: 32n, temperature: 2.5 },
        measured: { train_loss: 0.249, steps: 4_210n },
      },
      {
        id: 'distilbert-sst2-2026-02-17',
        day: 36,
        commit: 'e83f92d',
        version: 'v3',
        training: {
          learning_rate: 0.00001,
          epochs: 3n,
          batch_size: 32n,
          optimizer: { name: 'AdamW', betas: [0.9, 0.999] },
        },
        measured: { train_loss: 0.207, steps: 6_315n },
      },
    ],
  },
];

/** The id of the run that trains a version; undefined for one that comes from its authors. */
export function runOf(model: string, version: string): string | undefined {
  const pipeline = PIPELINES.find((each) => each.model === model);
  return pipeline?.runs.find((run) => run.version === version)?.id;
}
