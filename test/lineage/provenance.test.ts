import { describe, expect, test } from 'vitest';

import { isTraining, roleOfArtifacts } from '../../src/domain/lineage/roles.ts';
import { codeIn, numbersIn, parametersIn } from '../../src/domain/lineage/values.ts';
import type { Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { KINDS, openRegistry } from '../registry/rig.ts';
import { properties } from '../registry-rows.ts';
import { putRun, type Step } from './pipeline-world.ts';

const text = (stringValue: string): Value => ({ stringValue });

/** A pipeline that trains, copies what it trained to where servers load it from, and measures it. */
const TFX: readonly Step[] = [
  {
    type: 'tfx.components.example_gen.csv_example_gen.component.CsvExampleGen',
    name: 'gen',
    outputs: [{ type: 'Examples', name: 'examples' }],
  },
  {
    type: 'tfx.components.trainer.component.Trainer',
    name: 'trainer',
    inputs: [
      { type: 'Examples', name: 'examples' },
      { type: 'Model', name: 'base', uri: 's3://models/base' },
    ],
    outputs: [
      { type: 'Model', name: 'model' },
      { type: 'system.Metrics', name: 'curve', custom: { loss: { doubleValue: 0.25 }, note: text('good') } },
    ],
    declared: { module_file: text('trainer.py'), train_args: text('{"num_steps": 100}'), pipeline_name: text('p') },
    custom: { state: text('complete'), git_commit: text('4f2a9c1'), eval_args: text('null') },
  },
  {
    type: 'tfx.components.pusher.component.Pusher',
    name: 'pusher',
    inputs: [{ type: 'Model', name: 'model' }],
    outputs: [{ type: 'PushedModel', name: 'pushed', uri: 'gs://serving/1' }],
  },
];

/** What a pipeline of containers says: nothing of what its steps are for. */
const CONTAINERS: readonly Step[] = [
  {
    type: 'system.ContainerExecution',
    name: 'fit',
    inputs: [{ type: 'system.Dataset', name: 'rows' }],
    outputs: [{ type: 'system.Model', name: 'weights', uri: '/models/2' }],
    custom: { image: text('trainer:3'), lr: { doubleValue: 0.1 }, pod_name: text('fit-1') },
  },
];

/** A run whose artifacts nobody told MLMD of. */
const UNTOLD: readonly Step[] = [
  { type: 'system.ContainerExecution', name: 'prepare' },
  { type: 'Custom', name: 'learn', trains: true, custom: { epochs: { intValue: 3n } } },
];

const QUERY = `query ($id: ID!, $maxNodes: Int) {
  modelVersion(databaseId: $id) {
    provenance(maxNodes: $maxNodes) {
      trainingExecutions { name }
      parameters { name value of { kind } }
      metrics { name value of { kind } }
      datasets { ... on Artifact { name } }
      code { name value }
      baseModels { ... on Artifact { uri } }
      completeness { complete reason omittedNodes }
    }
  }
}`;

describe.each(KINDS)('how a version came to be, on the %s store', (kind) => {
  test('is told in the words of those who train', async () => {
    await using registry = await openRegistry(kind);
    await putRun(registry.store, 'tfx', TFX);
    await putRun(registry.store, 'containers', CONTAINERS);
    await putRun(registry.store, 'untold', UNTOLD);
    const provenance = async (name: string, artifact: object, maxNodes?: number) => {
      await registry.do('createRegisteredModel', { name });
      const model = await registry.id('kf.RegisteredModel', name);
      await registry.do('createModelVersion', { registeredModelId: model, name: 'v' });
      const id = await registry.id('kf.ModelVersion', `${model}:v`);
      await registry.do('createModelArtifact', { parentId: id, ...artifact });
      await registry.do('createParameter', { parentId: id, name: 'seed', value: '7' });
      await registry.do('createMetric', { parentId: id, name: 'auc', value: 0.9 });
      const { data, errors } = await registry.harness.query(QUERY, { id, maxNodes });
      expect(errors).toBeUndefined();
      return data.modelVersion.provenance;
    };
    const seed = { name: 'seed', value: '7', of: { kind: 'Parameter' } };
    const auc = { name: 'auc', value: 0.9, of: { kind: 'Metric' } };
    const complete = { complete: true, reason: null, omittedNodes: 0 };

    // A pushed model is a copy: what trained it lies behind the Pusher.
    expect(await provenance('pushed', { uri: 'gcs://serving/1/' })).toEqual({
      trainingExecutions: [{ name: 'trainer' }],
      parameters: [seed, { name: 'train_args', value: '{"num_steps": 100}', of: { kind: 'Trainer' } }],
      metrics: [auc, { name: 'loss', value: 0.25, of: { kind: 'Metrics' } }],
      datasets: [{ name: 'examples' }],
      code: [
        { name: 'git_commit', value: '4f2a9c1' },
        { name: 'module_file', value: 'trainer.py' },
      ],
      baseModels: [{ uri: 's3://models/base' }],
      completeness: complete,
    });
    expect(await provenance('of containers', { uri: 'file:///models/2' })).toEqual({
      trainingExecutions: [{ name: 'fit' }],
      parameters: [seed, { name: 'lr', value: 0.1, of: { kind: 'ContainerExecution' } }],
      metrics: [auc],
      datasets: [{ name: 'rows' }],
      code: [{ name: 'image', value: 'trainer:3' }],
      baseModels: [],
      completeness: complete,
    });
    expect(await provenance('untold', { uri: 's3://elsewhere', modelSourceId: 'untold' })).toEqual({
      trainingExecutions: [{ name: 'learn' }],
      parameters: [seed, { name: 'epochs', value: '3', of: { kind: 'Custom' } }],
      metrics: [auc],
      datasets: [],
      code: [],
      baseModels: [],
      completeness: complete,
    });
    const cut = await provenance('cut', { uri: 'gs://serving/1' }, 2);
    expect(cut.completeness).toEqual({ complete: false, reason: 'MAX_NODES', omittedNodes: 2 });
  });
});

test.each([
  ['kf.ModelArtifact', undefined, 'model'],
  ['kf.DataSet', undefined, 'dataset'],
  ['system.Model', undefined, 'model'],
  ['system.ClassificationMetrics', undefined, 'metrics'],
  ['system.Artifact', undefined, 'other'],
  ['Examples', undefined, 'dataset'],
  ['Whatever', 2, 'model'],
  ['SourceCode', 0, 'code'],
  ['ModelBlessing', undefined, 'other'],
  [undefined, undefined, 'other'],
])('artifacts of the type %s with the base type %s are %s', (name, baseType, role) => {
  expect(roleOfArtifacts({ name, baseType })).toBe(role);
});

test.each([
  ['tfx.components.trainer.component.Trainer', undefined, true],
  ['fine-tune', undefined, true],
  ['Evaluator', undefined, false],
  ['Trainer', 4, false],
  ['anything', 1, true],
])('executions of the type %s with the base type %s train: %s', (name, baseType, trains) => {
  expect(isTraining({ name, baseType })).toBe(trains);
});

test('values of the books, of the code and of the choice of people are told apart', () => {
  const node = properties(
    { run_id: text('r'), module_file: text('m.py'), optimizer: text('sgd') },
    {
      pod_uid: text('u'),
      container_image: text('i:1'),
      lr: { doubleValue: 0.1 },
      steps: { intValue: 5n },
      empty: text(''),
    },
  );
  expect(parametersIn(node).map(({ name }) => name)).toEqual(['lr', 'optimizer', 'steps']);
  expect(codeIn(node)).toEqual([
    { name: 'container_image', value: 'i:1' },
    { name: 'module_file', value: 'm.py' },
  ]);
  expect(numbersIn(node)).toEqual([
    { name: 'lr', value: 0.1 },
    { name: 'steps', value: '5' },
  ]);
});
