import { describe, expect, test } from 'vitest';

import { Execution_State } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { KINDS, openRegistry } from '../registry/rig.ts';
import { putRun } from './pipeline-world.ts';

type Registry = Awaited<ReturnType<typeof openRegistry>>;

/** A time after all that was written and before all that will be. */
async function now(): Promise<string> {
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5)); // MLMD's times are whole milliseconds
  await tick();
  const time = new Date().toISOString();
  await tick();
  return time;
}

async function labels(registry: Registry, of: string, args: string): Promise<{ labels: string[]; fidelity: string }> {
  const query = `{ lineage(of: ["${of}"], ${args}) { nodes { label } fidelity } }`;
  const { data, errors } = await registry.harness.query(query);
  expect(errors).toBeUndefined();
  return { labels: data.lineage.nodes.map(({ label }: { label: string }) => label), fidelity: data.lineage.fidelity };
}

/** Links that follow from values leave no trace where the values are changed: what is told must not be called exact. */
describe.each(KINDS)('the registry as of a time, on the %s store', (kind) => {
  test('a service without a version serves the version that was the newest one then', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm' });
    const model = await registry.id('kf.RegisteredModel', 'm');
    await registry.do('createModelVersion', { registeredModelId: model, name: 'v1' });
    await registry.do('createServingEnvironment', { name: 'e' });
    const environment = await registry.id('kf.ServingEnvironment', 'e');
    await registry.do('createInferenceService', {
      name: 's',
      servingEnvironmentId: environment,
      registeredModelId: model,
    });
    const service = `context:${await registry.id('kf.InferenceService', `${environment}:s`)}`;
    const then = await now();
    await registry.do('createModelVersion', { registeredModelId: model, name: 'v2' });
    const asked = (more: string) => labels(registry, service, `direction: UPSTREAM ${more}`);
    expect((await asked('')).labels).toEqual(['s', 'v2']);
    expect(await asked(`asOf: "${then}"`)).toEqual({ labels: ['s', 'v1'], fidelity: 'CURRENT_VALUES' });
  });

  test('a link that is gone, or a state that was another one, is not called exact', async () => {
    await using registry = await openRegistry(kind);
    const model = { type: 'system.Model', name: 'weights', uri: 's3://m/1' };
    const ids = await putRun(registry.store, 'run', [{ type: 'Train', name: 'train', outputs: [model] }]);
    await registry.do('createModelArtifact', { name: 'registered', uri: 's3://m/1' });
    const train = `execution:${ids.get('train')}`;
    const then = await now();
    const asked = () => labels(registry, train, `direction: DOWNSTREAM, asOf: "${then}"`);
    expect((await asked()).labels).toEqual(['train', 'weights', 'registered']);
    const running = await labels(
      registry,
      train,
      `direction: UPSTREAM, asOf: "${then}", filter: { states: [RUNNING] }`,
    );
    expect(running).toEqual({ labels: [], fidelity: 'CURRENT_VALUES' });
    const { artifacts } = await registry.store.getArtifactsByUri({ uris: ['s3://m/1'] });
    const id = artifacts.find(({ type }) => type === 'kf.ModelArtifact')?.id;
    await registry.do('updateModelArtifact', { databaseId: String(id), uri: 's3://m/2' });
    expect(await asked()).toEqual({ labels: ['train', 'weights'], fidelity: 'CURRENT_VALUES' });
  });

  test('what another artifact names its run changes nothing of an artifact whose file tells what wrote it', async () => {
    await using registry = await openRegistry(kind);
    const model = { type: 'system.Model', name: 'weights', uri: 's3://m/1' };
    const config = { type: 'Config', name: 'only for pushing' };
    const ids = await putRun(registry.store, 'run-9', [
      { type: 'Train', name: 'train', outputs: [model] },
      { type: 'Push', name: 'push', inputs: [model, config] },
    ]);
    await registry.do('createModelArtifact', { name: 'told', uri: 's3://m/1', modelSourceId: 'run-9' });
    await registry.do('createModelArtifact', { name: 'untold', uri: 's3://elsewhere', modelSourceId: 'run-9' });
    const { artifacts } = await registry.store.getArtifactsByType({ typeName: 'kf.ModelArtifact' });
    const idOf = (name: string) => `artifact:${artifacts.find((each) => each.name?.endsWith(`:${name}`))?.id}`;
    const up = async (name: string) => (await labels(registry, idOf(name), 'direction: UPSTREAM')).labels.sort();
    expect(await up('told')).toEqual(['run-9', 'told', 'train', 'weights']);
    expect(await up('untold')).toEqual(['only for pushing', 'push', 'run-9', 'train', 'untold', 'weights']);
    const down = await labels(registry, `artifact:${ids.get('only for pushing')}`, 'direction: DOWNSTREAM');
    expect(down.labels).toEqual(['only for pushing', 'push', 'untold']);
  });

  test('a version was trained by what did the work, with its own parameters', async () => {
    await using registry = await openRegistry(kind);
    const teacher = { type: 'system.Model', name: 'teacher', uri: 's3://teacher' };
    const model = { type: 'system.Model', name: 'student', uri: 's3://student' };
    const { COMPLETE, CACHED, FAILED } = Execution_State;
    await putRun(registry.store, 'run', [
      { type: 'Prepare', name: 'prepare', inputs: [{ type: 'SourceCode', name: 'prep.py' }], outputs: [teacher] },
      { type: 'Train', name: 'failed', inputs: [teacher], outputs: [model], state: FAILED },
      { type: 'Train', name: 'trained', inputs: [teacher], outputs: [model], state: COMPLETE },
      { type: 'Train', name: 'cached', inputs: [teacher], outputs: [model], state: CACHED },
    ]);
    const register = async (name: string, uri: string, learningRate: string) => {
      await registry.do('createRegisteredModel', { name });
      const owner = await registry.id('kf.RegisteredModel', name);
      await registry.do('createModelVersion', { registeredModelId: owner, name: 'v' });
      const id = await registry.id('kf.ModelVersion', `${owner}:v`);
      await registry.do('createModelArtifact', { parentId: id, uri });
      await registry.do('createParameter', { parentId: id, name: 'lr', value: learningRate });
      return id;
    };
    await register('teacher', 's3://teacher', '0.5');
    const id = await register('student', 's3://student', '0.1');
    const query = `{ modelVersion(databaseId: "${id}") { provenance(maxNodes: 1000) {
      trainingExecutions { name } parameters { name value } code { name } completeness { cursor } } } }`;
    expect((await registry.harness.query(query)).data.modelVersion.provenance).toEqual({
      trainingExecutions: [{ name: 'trained' }],
      parameters: [{ name: 'lr', value: '0.1' }],
      code: [],
      completeness: { cursor: null },
    });
  });

  test('a node that is named in several ways is one', async () => {
    await using registry = await openRegistry(kind);
    await registry.do('createRegisteredModel', { name: 'm' });
    const global = Buffer.from('Context:1').toString('base64url');
    const query = `query ($after: String, $of: [ID!]!) { lineage(of: $of, maxNodes: 1, after: $after) { nodes { id } missing completeness { complete cursor } } }`;
    const { data } = await registry.harness.query(query, {
      of: ['context:1', global, 'context:01', 'context:9', 'context:09'],
    });
    expect(data.lineage).toEqual({
      nodes: [{ id: global }],
      missing: ['context:9'],
      completeness: { complete: true, cursor: null },
    });
  });
});
