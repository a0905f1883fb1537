import { expect, test } from 'vitest';

import { toKindName } from '../../src/domain/lineage/kind-name.ts';

const NAMES: Readonly<Record<string, string>> = {
  'kf.ModelVersion': 'ModelVersion',
  'kf.DataSet': 'DataSet',
  'system.Model': 'Model',
  'system.PipelineRun': 'PipelineRun',
  'system.ContainerExecution': 'ContainerExecution',
  'mlmd.Dataset': 'Dataset',
  'mlmd.custom.thing': 'thing',
  'system.Our Model': 'Our Model',
  'tfx.components.trainer.component.Trainer': 'Trainer',
  'tfx.components.example_gen.csv_example_gen.component.CsvExampleGen@0.21.4': 'CsvExampleGen',
  'tfx.dsl.components.common.resolver.Resolver@1.0.0rc1': 'Resolver',
  'my-team.steps.Clean': 'Clean',
  Trainer: 'Trainer',
  'Trainer@v2': 'Trainer',
  pipeline_run: 'pipeline_run',
  run: 'run',
  kf: 'kf',
  'kf.': 'kf.',
  'system.': 'system.',
  'a name with spaces.and a point': 'a name with spaces.and a point',
  'ends.in.a.point.': 'ends.in.a.point.',
  '.begins': '.begins',
  'ada@example.org': 'ada',
  '@1': '@1',
  '': '',
};

test.each(Object.entries(NAMES))("the type '%s' is called '%s'", (type, kind) => {
  expect(toKindName(type)).toBe(kind);
});

test('a node without a type has no kind', () => {
  expect(toKindName(undefined)).toBe('');
});
