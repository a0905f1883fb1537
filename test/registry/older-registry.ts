import { REGISTRY_TYPES } from '../../src/domain/registry-types.ts';
import { Execution_State, type Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';

/** Values as the Go registry wrote them. */
type Plain = Readonly<Record<string, string | bigint | number | boolean | Record<string, unknown>>>;

function values(plain: Plain): Map<string, Value> {
  return new Map(Object.entries(plain).map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: Plain[string]): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'bigint') return { intValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { structValue: value };
}

/**
 * Fills a store call by call as the last MLMD-backed Go registry does it: types one by one with can_add_fields, each
 * row with the next RPC for its link, artifacts of no state, standalone ones under a UUID. Contexts are 1 to 6.
 */
export async function fillAsOlderRegistry(store: MetadataStore): Promise<void> {
  const ids = new Map<string, bigint | undefined>();
  for (const type of REGISTRY_TYPES.contextTypes) {
    const { typeId } = await store.putContextType({ contextType: type, canAddFields: true });
    ids.set(type.name ?? '', typeId);
  }
  for (const type of REGISTRY_TYPES.artifactTypes) {
    const { typeId } = await store.putArtifactType({ artifactType: type, canAddFields: true });
    ids.set(type.name ?? '', typeId);
  }
  for (const type of REGISTRY_TYPES.executionTypes) {
    const { typeId } = await store.putExecutionType({ executionType: type, canAddFields: true });
    ids.set(type.name ?? '', typeId);
  }
  const node = (type: string, name: string, properties: Plain, custom: Plain = {}) => ({
    ...{ type, typeId: ids.get(type), name, properties: values(properties), customProperties: values(custom) },
  });
  const context = async (parentId: bigint | undefined, row: ReturnType<typeof node> & { externalId?: string }) => {
    const { contextIds } = await store.putContexts({ contexts: [row] });
    if (parentId) await store.putParentContexts({ parentContexts: [{ childId: contextIds[0], parentId }] });
  };
  const artifact = async (contextId: bigint | undefined, row: ReturnType<typeof node> & { uri?: string }) => {
    const { artifactIds } = await store.putArtifacts({ artifacts: [row] });
    const attributions = [{ contextId, artifactId: artifactIds[0] }];
    if (contextId) await store.putAttributionsAndAssociations({ attributions, associations: [] });
  };

  const model = { owner: 'alice', state: 'LIVE', language: { language: ['en', 'it'] }, readme: '# hi', maturity: '' };
  await context(undefined, {
    ...node('kf.RegisteredModel', 'rm', model, { i: 42n, st: { a: [1, 2] } }),
    externalId: 'ext-rm',
  });
  await context(
    1n,
    node('kf.ModelVersion', '1:v:1', { version: 'v:1', model_name: 'rm', author: 'bob', state: 'LIVE' }),
  );
  await context(undefined, node('kf.Experiment', 'e', { state: 'LIVE' }));
  await context(
    3n,
    node('kf.ExperimentRun', '3:r', { state: 'LIVE', status: 'RUNNING', start_time_since_epoch: '17' }),
  );
  await context(undefined, node('kf.ServingEnvironment', 'prod', { description: 'East' }, { region: 'east' }));
  const service = { registered_model_id: 1n, serving_environment_id: 5n, desired_state: 'DEPLOYED' };
  await context(5n, node('kf.InferenceService', '5:is', service));
  const execution = {
    ...node('kf.ServeModel', '6:sm', { model_version_id: 2n }),
    lastKnownState: Execution_State.UNKNOWN,
  };
  const [executionId] = (await store.putExecutions({ executions: [execution] })).executionIds;
  await store.putAttributionsAndAssociations({ attributions: [], associations: [{ contextId: 6n, executionId }] });
  await artifact(2n, { ...node('kf.ModelArtifact', '2:model', { model_format_name: 'onnx' }), uri: 's3://m' });
  await artifact(undefined, node('kf.ModelArtifact', '7f1b8ba6-3d0e-4b52-9b34-0d1bd0f4b7a5:alone', {}));
  await artifact(4n, node('kf.Metric', '4:loss', { value: 0.9, step: 1n, timestamp: '1000000001000' }));
  await artifact(
    4n,
    node('kf.MetricHistory', '4:loss__1795415171322', { value: 0.9, step: 1n, timestamp: '1000000001000' }),
  );
  await artifact(4n, node('kf.Parameter', '4:lr', { value: '0.1', parameter_type: 'number' }));
}
