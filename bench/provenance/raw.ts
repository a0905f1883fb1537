import { enumName } from '../../src/domain/enum-name.ts';
import { INPUT_TYPES, OUTPUT_TYPES } from '../../src/domain/event.ts';
import { toNamedValues, toPropertyMap } from '../../src/domain/property.ts';
import {
  type Artifact,
  Artifact_State,
  type Event,
  type Execution,
  Execution_State,
} from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { RawCall } from './raw-call.ts';

/** A way to read the provenance of a model's versions with plain calls: gives what the GraphQL query answers. */
export type RawWay = (call: RawCall, modelId: bigint, withProperties: boolean) => Promise<object>;

/** Level by level, each with the same calls that the gateway makes: one or two for all of its nodes. */
export const batched: RawWay = async (call, modelId, withProperties) => {
  const [model] = (await call('getContextsById', { contextIds: [modelId] })).contexts;
  const versions = (await call('getChildrenContextsByContext', { contextId: modelId })).contexts;
  const filterQuery = `contexts_c.id IN (${versions.map(({ id }) => id).join(', ')})`;
  const { artifacts } = await call('getArtifacts', { options: { maxResultSize: 100, filterQuery } });
  const startingArtifacts = { filterQuery: `id IN (${artifacts.map(({ id }) => id).join(', ')})` };
  const { lineageSubgraph } = await call('getLineageSubgraph', {
    lineageSubgraphQueryOptions: { startingArtifacts, maxNumHops: 0n },
    readMask: ['attributions'],
  });
  const producing = await producers(call, artifacts);
  const executionIds = [...producing.executions.keys()];
  const read = (await call('getEventsByExecutionIDs', { executionIds })).events.filter(isInput);
  const inputs = (await call('getArtifactsById', { artifactIds: distinct(read, 'artifactId') })).artifacts;
  const before = await producers(call, inputs);

  const byId = new Map([...artifacts, ...inputs].map((artifact) => [artifact.id, artifact]));
  const inputsOf = Map.groupBy(read, ({ executionId }) => executionId);
  const executionsBefore = (artifact: Artifact) =>
    executionsOf(before, artifact).map((execution) => toExecution(execution));
  const inputsShown = (execution: Execution) =>
    nodes(inputsOf.get(execution.id), ({ artifactId }) => {
      const input = byId.get(artifactId) ?? none();
      return { ...toArtifact(input, withProperties), producedBy: { nodes: executionsBefore(input) } };
    });
  const members = Map.groupBy(lineageSubgraph?.attributions ?? [], ({ contextId }) => contextId);
  return toAnswer(model?.name, versions, ({ id }) => {
    const ids = new Set(members.get(id)?.map(({ artifactId }) => artifactId));
    const own = artifacts.filter((artifact) => ids.has(artifact.id));
    return nodes(own, (artifact) => ({
      ...toArtifact(artifact, withProperties),
      producedBy: nodes(executionsOf(producing, artifact), (execution) => ({
        ...toExecution(execution),
        inputs: inputsShown(execution),
      })),
    }));
  });
};

interface Producers {
  readonly eventsOf: ReadonlyMap<bigint | undefined, readonly Event[]>;
  readonly executions: ReadonlyMap<bigint, Execution>;
}

/** Which executions made these artifacts: two calls. */
async function producers(call: RawCall, artifacts: readonly Artifact[]): Promise<Producers> {
  const artifactIds = artifacts.map(({ id = 0n }) => id);
  const written = (await call('getEventsByArtifactIDs', { artifactIds })).events.filter(isOutput);
  const { executions } = await call('getExecutionsById', { executionIds: distinct(written, 'executionId') });
  return {
    eventsOf: Map.groupBy(written, ({ artifactId }) => artifactId),
    executions: new Map(executions.map((execution) => [execution.id ?? 0n, execution])),
  };
}

function executionsOf({ eventsOf, executions }: Producers, { id }: Artifact): Execution[] {
  return (eventsOf.get(id) ?? []).map(({ executionId = 0n }) => executions.get(executionId) ?? none());
}

/** Node by node, as resolvers without loaders do it: the calls of one level go out together, each for one node. */
export const naive: RawWay = async (call, modelId, withProperties) => {
  const producedBy = async <Shown>(artifactId: bigint, show: (execution: Execution) => Shown) => {
    const { events } = await call('getEventsByArtifactIDs', { artifactIds: [artifactId] });
    return each(events.filter(isOutput), async ({ executionId = 0n }) => {
      const { executions } = await call('getExecutionsById', { executionIds: [executionId] });
      return show(executions[0] ?? none());
    });
  };
  const inputs = async (executionId: bigint) => {
    const { events } = await call('getEventsByExecutionIDs', { executionIds: [executionId] });
    return each(events.filter(isInput), async ({ artifactId = 0n }) => {
      const [artifact = none()] = (await call('getArtifactsById', { artifactIds: [artifactId] })).artifacts;
      return { ...toArtifact(artifact, withProperties), producedBy: await producedBy(artifactId, toExecution) };
    });
  };
  const [model] = (await call('getContextsById', { contextIds: [modelId] })).contexts;
  const versions = (await call('getChildrenContextsByContext', { contextId: modelId })).contexts;
  const artifacts = await Promise.all(
    versions.map(async ({ id: contextId }) => {
      const members = (await call('getArtifactsByContext', { contextId })).artifacts;
      return each(members, async (artifact) => ({
        ...toArtifact(artifact, withProperties),
        producedBy: await producedBy(artifact.id ?? 0n, async (execution) => ({
          ...toExecution(execution),
          inputs: await inputs(execution.id ?? 0n),
        })),
      }));
    }),
  );
  return toAnswer(model?.name, versions, (_version, index) => artifacts[index] ?? { nodes: [] });
};

const isInput = ({ type }: Event) => INPUT_TYPES.has(type);
const isOutput = ({ type }: Event) => OUTPUT_TYPES.has(type);

function distinct(events: readonly Event[], end: 'artifactId' | 'executionId'): bigint[] {
  return [...new Set(events.map((event) => event[end] ?? 0n))];
}

function none() {
  return { properties: new Map(), customProperties: new Map() };
}

function nodes<Row, Shown>(rows: readonly Row[] | undefined, show: (row: Row) => Shown) {
  return { nodes: (rows ?? []).map(show) };
}

async function each<Row, Shown>(rows: readonly Row[], show: (row: Row) => Promise<Shown>) {
  return { nodes: await Promise.all(rows.map(show)) };
}

type Version = { readonly id?: bigint | undefined; readonly name?: string | undefined };

function toAnswer(
  name: string | undefined,
  versions: readonly Version[],
  artifactsOf: (version: Version, index: number) => object,
) {
  const shown = versions.map((version, index) => ({ name: version.name, artifacts: artifactsOf(version, index) }));
  return { data: { context: { name, children: { nodes: shown } } } };
}

function toArtifact(artifact: Artifact, withProperties: boolean) {
  return {
    databaseId: String(artifact.id),
    name: artifact.name,
    uri: artifact.uri,
    state: enumName(Artifact_State, artifact.state),
    type: { name: artifact.type },
    ...(withProperties && {
      propertyMap: toPropertyMap(toNamedValues(artifact.properties, undefined)),
      customPropertyMap: toPropertyMap(toNamedValues(artifact.customProperties, undefined)),
    }),
  };
}

function toExecution(execution: Execution) {
  return {
    databaseId: String(execution.id),
    name: execution.name,
    state: enumName(Execution_State, execution.lastKnownState),
    type: { name: execution.type },
  };
}
