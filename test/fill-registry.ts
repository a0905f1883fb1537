import { Execution_State } from '../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../src/mlmd/store.ts';
import { range } from './fill.ts';
import { properties, putRegistryTypes, type Values } from './registry-rows.ts';

/** How much there is of everything. */
export interface RegistrySize {
  readonly models: number;
  /** How many versions the model of this index has. */
  readonly versionsOf: (model: number) => number;
  readonly artifacts: number;
  /** Services for each model, and deployments of each version. */
  readonly deployments: number;
  /** All versions of a model one after the other; otherwise the first ones of all models come first. */
  readonly modelByModel?: boolean;
}

/** The data of the batching test: 100 models of 1 to 60 versions with 3 artifacts and 2 deployments each. */
export const HUNDRED_MODELS: RegistrySize = {
  models: 100,
  versionsOf: (model) => 1 + ((model * 37) % 60),
  artifacts: 3,
  deployments: 2,
};

const KINDS = ['kf.ModelArtifact', 'kf.Metric', 'kf.DocArtifact'];

/** Nodes in one call. */
const BATCH = 5_000;

/** Puts models, versions, artifacts, environments, services and deployments, in the registry's stored form. */
export async function putRegistry(store: MetadataStore, size: RegistrySize): Promise<void> {
  const typeIds = await putRegistryTypes(store);
  const row = (type: string, name: string, declared: Values) => ({
    typeId: typeIds.get(type) ?? 0n,
    name,
    ...properties(declared),
  });
  const text = (stringValue: string) => ({ stringValue });
  const id = (intValue = 0n) => ({ intValue });
  const putContexts = async (contexts: readonly ReturnType<typeof row>[]) =>
    inBatches(contexts, async (batch) => (await store.putContexts({ contexts: batch })).contextIds);
  const link = (pairs: readonly (readonly [child: bigint, parent: bigint])[]) =>
    inBatches(pairs, async (batch) => {
      await store.putParentContexts({ parentContexts: batch.map(([childId, parentId]) => ({ childId, parentId })) });
      return [];
    });

  const state = { state: text('LIVE') };
  const models = await putContexts(
    range(size.models).map((model) => row('kf.RegisteredModel', `model ${model}`, { ...state, owner: text('team') })),
  );
  const environments = await putContexts(
    range(size.deployments).map((index) => row('kf.ServingEnvironment', `environment ${index}`, {})),
  );
  const versions = versionsIn(size).map(({ model, version }) => ({
    model,
    name: `v${version}`,
    modelId: models[model] ?? 0n,
  }));
  const versionIds = await putContexts(
    versions.map(({ modelId, name }) =>
      row('kf.ModelVersion', `${modelId}:${name}`, { ...state, author: text('ada') }),
    ),
  );
  await link(versions.map(({ modelId }, index) => [versionIds[index] ?? 0n, modelId]));
  const services = models.flatMap((modelId, model) =>
    environments.map((environment) => ({ model, modelId, environment })),
  );
  const serviceIds = await putContexts(
    services.map(({ model, modelId, environment }) =>
      row('kf.InferenceService', `${environment}:service ${model}`, {
        desired_state: text('DEPLOYED'),
        registered_model_id: id(modelId),
        model_version_id: id(versionIds[versions.findIndex((version) => version.model === model)]),
      }),
    ),
  );
  await link(services.map(({ environment }, index) => [serviceIds[index] ?? 0n, environment]));
  const owned = versionIds.flatMap((versionId) => range(size.artifacts).map((index) => ({ versionId, index })));
  const artifacts = owned.map(({ versionId, index }) => ({
    ...row(KINDS[index % KINDS.length] ?? '', `${versionId}:artifact ${index}`, { description: text('of a version') }),
    uri: `s3://bucket/${versionId}/${index}`,
  }));
  const artifactIds = await inBatches(
    artifacts,
    async (batch) => (await store.putArtifacts({ artifacts: batch })).artifactIds,
  );
  const deployed = versionIds.flatMap((versionId, version) =>
    range(size.deployments).map((index) => ({
      versionId,
      serviceId: serviceIds[(versions[version]?.model ?? 0) * size.deployments + index] ?? 0n,
    })),
  );
  const executions = deployed.map(({ versionId, serviceId }) => ({
    ...row('kf.ServeModel', `${serviceId}:of ${versionId}`, { model_version_id: id(versionId) }),
    lastKnownState: Execution_State.RUNNING,
  }));
  const executionIds = await inBatches(
    executions,
    async (batch) => (await store.putExecutions({ executions: batch })).executionIds,
  );
  const attributions = owned.map(({ versionId }, index) => ({
    contextId: versionId,
    artifactId: artifactIds[index] ?? 0n,
  }));
  const associations = deployed.map(({ serviceId }, index) => ({
    contextId: serviceId,
    executionId: executionIds[index] ?? 0n,
  }));
  await inBatches(attributions, async (batch) => {
    await store.putAttributionsAndAssociations({ attributions: batch, associations: [] });
    return [];
  });
  await inBatches(associations, async (batch) => {
    await store.putAttributionsAndAssociations({ attributions: [], associations: batch });
    return [];
  });
}

function versionsIn({ models, versionsOf, modelByModel }: RegistrySize) {
  const all = range(models).flatMap((model) => range(versionsOf(model)).map((version) => ({ model, version })));
  return modelByModel ? all : all.toSorted((a, b) => a.version - b.version || a.model - b.model);
}

async function inBatches<Item>(items: readonly Item[], put: (batch: Item[]) => Promise<readonly bigint[]>) {
  const ids: bigint[] = [];
  for (let start = 0; start < items.length; start += BATCH) ids.push(...(await put(items.slice(start, start + BATCH))));
  return ids;
}
