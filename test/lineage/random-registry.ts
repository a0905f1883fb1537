import fc from 'fast-check';

import { REGISTRY_KINDS, registryKindOf } from '../../src/domain/registry-kinds.ts';
import { Event_Type } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { properties, putRegistryTypes, type Values } from '../registry-rows.ts';

/** A row, and what it is linked to by its values: contexts by their ids, of which some do not exist. */
interface Row {
  readonly type: string;
  readonly name: string;
  readonly uri: string;
  readonly hasExternalId: boolean;
  readonly owner: number | null;
  readonly model: number | null;
  readonly version: number | null;
  readonly sourceId: string | null;
  readonly sourceName: string | null;
}

interface Pair {
  readonly one: number;
  readonly other: number;
}

/** Some of everything: rows of the registry and of pipelines, and random numbers by which they are linked. */
export interface RandomRegistry {
  readonly contexts: readonly Row[];
  readonly artifacts: readonly Row[];
  readonly executions: readonly Row[];
  readonly parents: readonly Pair[];
  readonly attributions: readonly Pair[];
  readonly associations: readonly Pair[];
  readonly events: readonly (Pair & { readonly type: Event_Type })[];
}

const PIPELINES = ['system.PipelineRun', 'pipeline_run', 'run', 'pipeline'];

/** Types of contexts that stand for what is in them where a walk starts from one. */
export const CONTAINERS: ReadonlySet<string> = new Set(['kf.RegisteredModel', 'kf.Experiment', ...PIPELINES]);

const CONTEXTS = [
  ...['kf.RegisteredModel', 'kf.ModelVersion', 'kf.ModelVersion', 'kf.Experiment', 'kf.ExperimentRun'],
  ...['kf.ServingEnvironment', 'kf.InferenceService', 'kf.InferenceService', ...PIPELINES],
];
const ARTIFACTS = [
  ...['kf.ModelArtifact', 'kf.ModelArtifact', 'kf.DocArtifact', 'kf.Metric', 'kf.Parameter', 'kf.DataSet'],
  ...['kf.MetricHistory', 'system.Model', 'system.Model'],
];
const EXECUTIONS = ['kf.ServeModel', 'kf.ServeModel', 'system.ContainerExecution'];

const URIS = [
  ...['', 's3://b/m', 's3://b/m/', 's3a://b/m', 'S3://b/m', 's3://b/m//', 'gs://b/m', 'gcs://b/m/'],
  ...['/data/m', 'file:///data/m', 'file:/data/m/', 'file://data/m', '///data/m', 'file://localhost/data/m'],
];

/** Names of runs: some are ids of contexts, or nearly, and some are external ids. */
const names = fc.constantFrom('nightly', '7', '007', '12', '15', 'external 3', 'external 8', 'row 4', '');

const rows = (types: readonly string[], minLength: number, maxLength: number): fc.Arbitrary<Row[]> => {
  const context = fc.option(fc.integer({ min: 1, max: maxLength + 3 }));
  const row = fc.record({
    ...{ type: fc.constantFrom(...types), name: names, uri: fc.constantFrom(...URIS), hasExternalId: fc.boolean() },
    ...{ owner: context, model: context, version: context, sourceId: fc.option(names), sourceName: fc.option(names) },
  });
  return fc.array(row, { minLength, maxLength });
};

const pairs = (minLength: number) =>
  fc.array(fc.record({ one: fc.nat(999), other: fc.nat(999) }), { minLength, maxLength: 2 * minLength });

/** Any store with all sorts of links in it. */
export const registries: fc.Arbitrary<RandomRegistry> = fc.record({
  contexts: rows(CONTEXTS, 12, 28),
  artifacts: rows(ARTIFACTS, 8, 20),
  executions: rows(EXECUTIONS, 4, 10),
  parents: pairs(5),
  attributions: pairs(15),
  associations: pairs(10),
  events: fc.array(
    fc.record({ one: fc.nat(999), other: fc.nat(999), type: fc.constantFrom(Event_Type.INPUT, Event_Type.OUTPUT) }),
    { maxLength: 12 },
  ),
});

/** Writes it into an empty store; the types of its contexts by their ids. */
export async function putRandomRegistry(store: MetadataStore, random: RandomRegistry) {
  const typeIds = new Map([...(await putRegistryTypes(store)), ...(await putPipelineTypes(store))]);
  const values = (row: Row) => valuesOf(aimed(row, random.contexts));
  const stored = (all: readonly Row[]) => {
    const taken = new Set<string>();
    return all.map((row, index) => {
      const name = row.name === '' || taken.has(`${row.type} ${row.name}`) ? `row ${index} of all` : row.name;
      taken.add(`${row.type} ${name}`);
      const externalId = row.hasExternalId ? { externalId: `external ${index}` } : {};
      return { typeId: typeIds.get(row.type) ?? 0n, name, ...externalId, ...properties(values(row)) };
    });
  };
  const artifacts = stored(random.artifacts).map((row, index) => ({ ...row, uri: random.artifacts[index]?.uri ?? '' }));
  const { contextIds } = await store.putContexts({ contexts: stored(random.contexts) });
  const { artifactIds } = await store.putArtifacts({ artifacts });
  const { executionIds } = await store.putExecutions({ executions: stored(random.executions) });
  const at = (ids: readonly bigint[], index: number) => ids[index % ids.length] ?? 0n;
  await store.putParentContexts({ parentContexts: parentsOf(random) });
  await store.putAttributionsAndAssociations({
    attributions: random.attributions.map((pair) => ({
      contextId: at(contextIds, pair.one),
      artifactId: at(artifactIds, pair.other),
    })),
    associations: random.associations.map((pair) => ({
      contextId: at(contextIds, pair.one),
      executionId: at(executionIds, pair.other),
    })),
  });
  const events = random.events.map(({ one, other, type }) => {
    const event = { artifactId: at(artifactIds, one), executionId: at(executionIds, other), type };
    return [Object.values(event).join(), event] as const;
  });
  await store.putEvents({ events: [...new Map(events).values()] });
  const typed = new Map(contextIds.map((id, index) => [id, random.contexts[index]?.type ?? '']));
  return { contexts: typed, artifacts: artifactIds, executions: executionIds };
}

async function putPipelineTypes(store: MetadataStore): Promise<ReadonlyMap<string, bigint>> {
  const named = (names: readonly string[]) => names.map((name) => ({ name, properties: new Map() }));
  const [artifactTypes, executionTypes] = [['system.Model'], ['system.ContainerExecution']];
  const ids = await store.putTypes({
    artifactTypes: named(artifactTypes),
    executionTypes: named(executionTypes),
    contextTypes: named(PIPELINES),
  });
  const all = [...ids.artifactTypeIds, ...ids.executionTypeIds, ...ids.contextTypeIds];
  return new Map([...artifactTypes, ...executionTypes, ...PIPELINES].map((name, index) => [name, all[index] ?? 0n]));
}

/** Most references made to name what they are about: a version, a model, a run by its id. */
function aimed(row: Row, contexts: readonly Row[]): Row {
  const { model, version, sourceId } = row;
  const at = (index: number | null, ...types: string[]) => {
    const ids = contexts.flatMap(({ type }, place) => (types.includes(type) ? [place + 1] : []));
    return index === null || index % 4 === 0 || ids.length === 0 ? index : (ids[index % ids.length] ?? index);
  };
  const isOfRun = sourceId !== null && version !== null && version % 3 > 0;
  return {
    ...row,
    model: at(model, 'kf.RegisteredModel'),
    version: at(version, 'kf.ModelVersion'),
    sourceId: isOfRun ? `${at(version, 'kf.ExperimentRun')}` : sourceId,
  };
}

function valuesOf({ type, model, version, sourceId, sourceName }: Row): Values {
  const id = (name: string, value: number | null) => (value === null ? {} : { [name]: { intValue: BigInt(value) } });
  const text = (name: string, value: string | null) => (value === null ? {} : { [name]: { stringValue: value } });
  if (type === 'kf.InferenceService')
    return { ...id('registered_model_id', model), ...id('model_version_id', version) };
  if (type === 'kf.ServeModel') return id('model_version_id', version);
  return type === 'kf.ModelArtifact'
    ? { ...text('model_source_id', sourceId), ...text('model_source_name', sourceName) }
    : {};
}

/** Owners of some of the rows that have one, and a few pipelines that have whatever rows below them. */
function parentsOf({ contexts, parents }: RandomRegistry) {
  const placed = contexts.map((row, index) => ({ ...row, id: BigInt(index + 1) }));
  const owned = placed.flatMap((row) => {
    const kind = registryKindOf(row);
    const [owner] = kind ? REGISTRY_KINDS[kind].owners : [];
    const all = placed.filter(({ type }) => owner && type === REGISTRY_KINDS[owner].type);
    const parent = row.owner === null ? undefined : all[row.owner % all.length];
    return parent ? [{ childId: row.id, parentId: parent.id }] : [];
  });
  const pipelines = placed.filter(({ type }) => PIPELINES.includes(type));
  const others = placed.filter(({ type }) => !PIPELINES.includes(type));
  const mixed = parents.flatMap(({ one, other }) => {
    const [parent, child] = [pipelines[one % pipelines.length], others[other % others.length]];
    return parent && child ? [{ childId: child.id, parentId: parent.id }] : [];
  });
  return [...new Map([...owned, ...mixed].map((link) => [Object.values(link).join(), link])).values()];
}
