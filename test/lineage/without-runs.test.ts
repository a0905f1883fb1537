import { describe, expect, test } from 'vitest';

import { runMarksOf } from '../../src/domain/lineage/diff/run-marks.ts';
import { withoutRuns } from '../../src/domain/lineage/diff/without-runs.ts';
import type { Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

const TFX_RUN = '2024-02-20T06:06:49.673502';
const TFX_CONTEXT = `interactive-2024-02-20T06_06_37.588718.${TFX_RUN}`;
const KFP_RUN = '0f4d7a1e-3c5b-4d2e-9f6a-7b8c9d0e1f2a';

const clean = withoutRuns({
  runs: [TFX_RUN, TFX_CONTEXT, KFP_RUN, 'nightly-7', '17'],
  outputs: ['model/7', 'examples/1'],
});
const shown = (text: string) => clean(text).replaceAll('\u{F0000}', '*');

describe('what names a run is taken out of', () => {
  test.each([
    ['names of TFX', `statistics:${TFX_RUN}`, 'statistics:*'],
    ['names of its component runs', `${TFX_CONTEXT}.Transform`, '*.Transform'],
    ['its URIs, where the execution is known', 'pipelines/imdb/Trainer/model/7', 'pipelines/imdb/Trainer/model/*'],
    ['what lies below', 's3://p/Trainer/model/7/Format-TFMA', 's3://p/Trainer/model/*/Format-TFMA'],
    ['URIs of Kubeflow Pipelines', `minio://p/v2/${KFP_RUN}/train/model`, 'minio://p/v2/*/train/model'],
    [
      'URIs that have another id of the task as well',
      `s3://p/${KFP_RUN}/train/11111111-2222-3333-4444-555555555555/model`,
      's3://p/*/train/*/model',
    ],
    ['texts that name it twice', `${TFX_RUN} after ${TFX_RUN}`, '* after *'],
    ['a name of one', 'nightly-7 Trainer', '* Trainer'],
    ['paths that have a short one as a segment', 's3://p/17/model', 's3://p/*/model'],
  ])('%s', (_what, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test.each([
    ['an id behind another place', 'data/train/7'],
    ['an id of another execution', 'p/Trainer/model/8'],
    ['an id that is part of a segment', 'p/Trainer/model/70'],
    ['a version that looks like an id', 's3://data/v7'],
    ['a time that is of no run', 's3://data/2024-02-20T00:00:00/rows'],
    ['a longer name', 'nightly-70 and tonightly-7'],
    ['a number that is short', 'top 17 of 170'],
    ['a UUID of something else', 's3://data/11111111-2222-3333-4444-555555555555'],
    ['an empty text', ''],
  ])('but not %s', (_what, text) => {
    expect(shown(text)).toBe(text);
  });

  test('the longest of several that begin alike', () => {
    const plain = withoutRuns({ runs: ['nightly', 'nightly-7'], outputs: [] });
    expect(plain('nightly-7/x')).toBe(plain('nightly/x'));
  });
});

describe('runs are named by', () => {
  const node = (type: string, name: string, values: Readonly<Record<string, Value>> = {}) => ({
    ...{ type, name, properties: new Map(Object.entries(values)), customProperties: new Map<string, Value>() },
  });

  test.each([
    ['their contexts in TFX', node('run', 'r1'), ['r1']],
    ['their contexts in later TFX', node('pipeline_run', 'r1'), ['r1']],
    ['their contexts in Kubeflow Pipelines', node('system.PipelineRun', KFP_RUN), [KFP_RUN]],
    ['properties of executions', node('Trainer', 'x', { run_id: { stringValue: TFX_RUN } }), [TFX_RUN]],
    ['properties that are numbers', node('Trainer', 'x', { pipeline_run_id: { intValue: 12n } }), ['12']],
    [
      'when a notebook began',
      node('pipeline', 'interactive-2024-02-20T06_06_37.588718'),
      ['interactive-2024-02-20T06_06_37.588718'],
    ],
    ['no pipeline', node('pipeline', 'imdb'), []],
    ['no other context', node('kf.ModelVersion', '7:v1'), []],
    ['nothing empty', node('run', '', { run_id: { stringValue: '' } }), []],
  ])('%s', (_what, each, marks) => {
    expect(runMarksOf([each])).toEqual(marks);
  });
});
