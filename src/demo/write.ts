import type { Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { PutTypesRequest } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';
import type { MetadataStore } from '../mlmd/store.ts';

import type { DemoContext, DemoGraph, DemoNode, PlainValue, PlainValues } from './graph.ts';
import { type Ids, idOf, idsByKey } from './ids.ts';
import { toEvents, toMemberships, toParentContexts } from './links.ts';

/** Writes types and graph in few calls: one for each kind, and for contexts one more for each level below the first. */
export async function writeGraph(store: MetadataStore, types: PutTypesRequest, graph: DemoGraph): Promise<void> {
  const none: ReadonlyMap<string, bigint> = new Map();
  let ids: Ids = { types: await putTypes(store, types), contexts: none, artifacts: none, executions: none };
  ids = { ...ids, contexts: await putContexts(store, ids, graph.contexts) };

  const artifacts = graph.artifacts.map((row) => ({ ...toNode(ids, row), uri: row.uri, state: row.state }));
  const { artifactIds } = await store.putArtifacts({ artifacts });
  ids = { ...ids, artifacts: idsByKey(graph.artifacts, artifactIds) };

  const executions = graph.executions.map((row) => ({ ...toNode(ids, row), lastKnownState: row.state }));
  const { executionIds } = await store.putExecutions({ executions });
  ids = { ...ids, executions: idsByKey(graph.executions, executionIds) };

  await store.putEvents({ events: graph.executions.flatMap((execution) => toEvents(ids, execution)) });
  await store.putAttributionsAndAssociations(toMemberships(ids, graph));
  await store.putParentContexts({ parentContexts: toParentContexts(ids, graph.contexts) });
}

async function putTypes(store: MetadataStore, types: PutTypesRequest): Promise<ReadonlyMap<string, bigint>> {
  const { contextTypeIds, artifactTypeIds, executionTypeIds } = await store.putTypes(types);
  const rows = [...types.contextTypes, ...types.artifactTypes, ...types.executionTypes];
  const ids = [...contextTypeIds, ...artifactTypeIds, ...executionTypeIds];
  return new Map(rows.map(({ name = '' }, index) => [name, ids[index] ?? 0n]));
}

/** Level by level, as names and properties of contexts have ids of others. */
async function putContexts(
  store: MetadataStore,
  before: Ids,
  contexts: readonly DemoContext[],
): Promise<ReadonlyMap<string, bigint>> {
  let known = before.contexts;
  let waiting = contexts;
  while (waiting.length > 0) {
    const isReady = (context: DemoContext) => keysNeededBy(context).every((key) => known.has(key));
    const ready = waiting.filter(isReady);
    if (ready.length === 0) throw new Error(`the demonstration context '${waiting[0]?.key}' needs one that is nowhere`);
    waiting = waiting.filter((context) => !isReady(context));
    const ids = { ...before, contexts: known };
    const { contextIds } = await store.putContexts({ contexts: ready.map((context) => toNode(ids, context)) });
    known = new Map([...known, ...idsByKey(ready, contextIds)]);
  }
  return known;
}

function keysNeededBy({ owner, references = {} }: DemoContext): string[] {
  return [...(owner === undefined ? [] : [owner]), ...Object.values(references)];
}

function toNode({ types, contexts }: Ids, node: DemoNode) {
  const { owner, name, externalId, properties = {}, customProperties = {}, references = {} } = node;
  const referred = Object.entries(references).map(([property, key]) => [property, idOf(contexts, key)] as const);
  return {
    typeId: idOf(types, node.type),
    name: owner === undefined ? name : `${idOf(contexts, owner)}:${name}`,
    externalId,
    properties: toValues({ ...properties, ...Object.fromEntries(referred) }),
    customProperties: toValues(customProperties),
  };
}

function toValues(values: PlainValues): Map<string, Value> {
  const map = new Map<string, Value>();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) map.set(name, toValue(value));
  return map;
}

function toValue(value: PlainValue): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  if (typeof value === 'bigint') return { intValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return { structValue: value };
}
