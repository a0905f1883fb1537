import {
  Artifact_State,
  Event_Type,
  Execution_State,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { properties, putRegistryTypes, type Values } from '../registry-rows.ts';

const string = (stringValue: string) => ({ stringValue });
const int = (value: number) => ({ intValue: BigInt(value) });
const list = (name: string, ...items: unknown[]) => ({ [name]: { structValue: { [name]: items } } });

const placed = { region: string('eu'), device: string('gpu') };

/** Rows of most kinds, each field of which is absent in one row; ids as in the comments. */
export async function fillKinds(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const row = (type: string, name: string | undefined, declared: Values = {}, custom: Values = {}) => ({
    ...properties(declared, custom),
    typeId: types.get(`kf.${type}`) ?? 0n,
    ...(name !== undefined && { name }),
  });
  await store.putContexts({
    contexts: [
      row('RegisteredModel', 'bert', list('language', 'en', 'De')), // 1
      row('RegisteredModel', 'gpt', list('language', 'en%')), // 2
      row('RegisteredModel', 'resnet', { ...list('language'), ...list('tasks', 'vision', 7) }), // 3
      row('RegisteredModel', 'none', { state: string('ARCHIVED') }), // 4
      ...['1:v1', '1:V1', '1:1:v1', '1:v_1', '1:vx1', '2:v1'].map((name, index) =>
        row('ModelVersion', name, { state: string(index % 2 ? 'LIVE' : 'ARCHIVED') }),
      ), // 5 to 10
      row('Experiment', 'e'), // 11
      row('ExperimentRun', '11:a', { start_time_since_epoch: string('1700000000000'), status: string('RUNNING') }), // 12
      row('ExperimentRun', '11:b', { start_time_since_epoch: string('1700000000001'), status: string('FAILED') }), // 13
      row('ExperimentRun', '11:c', { start_time_since_epoch: string('999') }), // 14
      row('ExperimentRun', '11:d', { start_time_since_epoch: string('tomorrow') }), // 15
      row('ExperimentRun', '11:e', { status: string('RUNNING') }), // 16
      row(
        'ServingEnvironment',
        'east',
        {},
        { 'modelgraph.archived': { boolValue: true }, stage: string('production'), ...placed },
      ), // 17
      row(
        'ServingEnvironment',
        'west',
        {},
        { 'modelgraph.archived': { boolValue: false }, Stage: string('production'), ...placed },
      ), // 18
      row('ServingEnvironment', 'north', {}, { 'modelgraph.archived': string('true') }), // 19
      row('InferenceService', '17:s', {
        serving_environment_id: int(17),
        registered_model_id: int(1),
        model_version_id: int(5),
      }), // 20
      row('InferenceService', '17:t', { serving_environment_id: int(17), registered_model_id: int(2) }), // 21
    ],
  });
  await store.putParentContexts({
    parentContexts: [
      ...[5n, 6n, 7n, 8n, 9n].map((childId) => ({ parentId: 1n, childId })),
      { parentId: 2n, childId: 10n },
      ...[12n, 13n, 14n, 15n, 16n].map((childId) => ({ parentId: 11n, childId })),
      ...[20n, 21n].map((childId) => ({ parentId: 17n, childId })),
    ],
  });
  const metric = (name: string, value: number, custom: Values = {}) =>
    row('Metric', name, { value: { doubleValue: value } }, custom);
  await store.putArtifacts({
    artifacts: [
      { ...row('ModelArtifact', '5:model'), uri: 's3://a/1', state: Artifact_State.LIVE }, // 1
      { ...row('ModelArtifact', '6:model'), uri: 'S3://A/2', state: Artifact_State.ABANDONED }, // 2
      { ...row('ModelArtifact', 'model'), uri: '' }, // 3
      { ...row('ModelArtifact', undefined), state: Artifact_State.UNKNOWN }, // 4
      metric('5:accuracy', 0.97, { a: int(1), b: int(2), framework: string('pytorch') }), // 5
      metric('6:accuracy', 0.9, { a: int(1) }), // 6
      { ...metric('7:step', 5, { b: int(2), c: string('x') }), uri: 'u' }, // 7
      row('Parameter', '5:rate', { value: string('0.1'), parameter_type: string('number') }), // 8
      row('Parameter', '5:name', { value: string('adam'), parameter_type: string('string') }), // 9
    ],
  });
  await store.putExecutions({
    executions: [
      { ...row('ServeModel', '20:a', { model_version_id: int(5) }), lastKnownState: Execution_State.RUNNING }, // 1
      { ...row('ServeModel', '20:b', { model_version_id: int(6) }), lastKnownState: Execution_State.FAILED }, // 2
      row('ServeModel', '20:c', { model_version_id: int(5) }), // 3
    ],
  });
  await store.putAttributionsAndAssociations({
    attributions: [
      [1n, 5n],
      [1n, 6n],
      [2n, 6n],
      [5n, 5n],
      [6n, 6n],
      [8n, 5n],
    ].map(([artifactId = 0n, contextId = 0n]) => ({ artifactId, contextId })),
    associations: [1n, 2n, 3n].map((executionId) => ({ executionId, contextId: 20n })),
  });
  await store.putEvents({ events: [{ artifactId: 1n, executionId: 1n, type: Event_Type.INPUT }] });
}
