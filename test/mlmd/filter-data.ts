import { Event_Type, PropertyType, type Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';

/** Property names and kinds of every type below. */
const DECLARED = new Map<string, PropertyType>([
  ['i', PropertyType.INT],
  ['d', PropertyType.DOUBLE],
  ['s', PropertyType.STRING],
  ['b', PropertyType.BOOLEAN],
  ['st', PropertyType.STRUCT],
]);

const int = (intValue: bigint): Value => ({ intValue });
const double = (doubleValue: number): Value => ({ doubleValue });
const string = (stringValue: string): Value => ({ stringValue });
const bool = (boolValue: boolean): Value => ({ boolValue });
const values = (entries: Readonly<Record<string, Value>> = {}) => new Map(Object.entries(entries));

/**
 * A small store with what makes filters go wrong: values that are not there, duplicates, one name with several kinds of
 * value, quotes, wildcards and letters beyond ASCII in names, nodes in no context and in several.
 */
export async function fillForFilters(store: MetadataStore): Promise<void> {
  const { artifactTypeIds, executionTypeIds, contextTypeIds } = await store.putTypes({
    artifactTypes: ['Model', 'model', "It's"].map((name) => ({ name, properties: DECLARED })),
    executionTypes: ['Train', 'Eval'].map((name) => ({ name, properties: DECLARED })),
    contextTypes: ['Run', 'Group'].map((name) => ({ name, properties: DECLARED })),
  });
  const { artifactIds } = await store.putArtifacts({ artifacts: artifacts(artifactTypeIds) });
  const { executionIds } = await store.putExecutions({ executions: executions(executionTypeIds) });
  const { contextIds } = await store.putContexts({ contexts: contexts(contextTypeIds) });
  const a = (index: number) => artifactIds[index] ?? 0n;
  const e = (index: number) => executionIds[index] ?? 0n;
  const c = (index: number) => contextIds[index] ?? 0n;
  await store.putAttributionsAndAssociations({
    attributions: [
      [0, 0],
      [0, 1],
      [1, 1],
      [2, 1],
      [2, 2],
      [4, 3],
      [5, 0],
      [5, 4],
    ].map(([node, context]) => ({
      artifactId: a(node ?? 0),
      contextId: c(context ?? 0),
    })),
    associations: [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 3],
    ].map(([node, context]) => ({
      executionId: e(node ?? 0),
      contextId: c(context ?? 0),
    })),
  });
  await store.putParentContexts({
    parentContexts: [
      [1, 0],
      [2, 0],
      [2, 1],
      [4, 3],
    ].map(([child, parent]) => ({
      childId: c(child ?? 0),
      parentId: c(parent ?? 0),
    })),
  });
  const { INPUT, OUTPUT, DECLARED_INPUT, INTERNAL_OUTPUT } = Event_Type;
  await store.putEvents({
    events: [
      { artifactId: a(0), executionId: e(0), type: OUTPUT, millisecondsSinceEpoch: 1_000n, path: undefined },
      { artifactId: a(0), executionId: e(1), type: INPUT, millisecondsSinceEpoch: 2_000n, path: undefined },
      { artifactId: a(1), executionId: e(1), type: INPUT, millisecondsSinceEpoch: 2_000n, path: undefined },
      { artifactId: a(1), executionId: e(1), type: OUTPUT, millisecondsSinceEpoch: 3_000n, path: undefined },
      { artifactId: a(3), executionId: e(2), type: DECLARED_INPUT, millisecondsSinceEpoch: 4_000n, path: undefined },
      { artifactId: a(5), executionId: e(2), type: INTERNAL_OUTPUT, millisecondsSinceEpoch: 5_000n, path: undefined },
    ],
  });
}

function artifacts([model = 0n, lower = 0n, its = 0n]: readonly bigint[]) {
  return [
    {
      typeId: model,
      name: 'alpha',
      uri: 's3://a/1',
      state: 2 as const,
      externalId: 'x1',
      properties: values({ i: int(1n), d: double(0.5), s: string('alpha'), b: bool(true) }),
      customProperties: values({ i: string('one'), 'my name': int(1n), "it's": string('q') }),
    },
    {
      typeId: model,
      name: 'ALPHA',
      uri: 's3://a/1',
      state: 4 as const,
      properties: values({ i: int(2n), d: double(2), s: string('100%'), b: bool(false) }),
      customProperties: values({ i: int(2n), 'my name': int(2n) }),
    },
    {
      typeId: lower,
      name: 'al_ha',
      uri: '',
      properties: values({ i: int(2n ** 63n - 1n), d: double(-1e300), s: string('') }),
      customProperties: values({ é: int(7n), i: double(2.5), '😀': bool(true) }),
    },
    {
      typeId: lower,
      state: 1 as const,
      externalId: 'X1',
      properties: values({ i: int(-(2n ** 63n)), s: string('Été 😀') }),
      customProperties: values({ i: bool(true) }),
    },
    {
      typeId: its,
      name: "it's 100%",
      uri: 'say "hi"',
      state: 0 as const,
      properties: values({ s: string('  padded  '), st: { structValue: { a: [1, null] } } }),
      customProperties: values({ 'a.b': int(3n), s: string('alpha') }),
    },
    { typeId: its, uri: 's3://a/2', properties: values(), customProperties: values() },
    {
      typeId: model,
      name: '😀 émile',
      uri: 'S3://A/2',
      state: 2 as const,
      properties: values({ i: int(2n), d: double(2.5), b: bool(true) }),
      customProperties: values({ i: int(9n), s: string('b') }),
    },
  ];
}

function executions([train = 0n, evaluate = 0n]: readonly bigint[]) {
  return [
    {
      typeId: train,
      name: 'alpha',
      lastKnownState: 3 as const,
      properties: values({ i: int(1n), s: string('alpha') }),
      customProperties: values({ i: int(5n) }),
    },
    {
      typeId: train,
      lastKnownState: 4 as const,
      externalId: 'x1',
      properties: values({ i: int(3n), d: double(1.5), b: bool(true) }),
      customProperties: values(),
    },
    {
      typeId: evaluate,
      name: 'Alpha',
      properties: values({ d: double(2) }),
      customProperties: values({ i: string('') }),
    },
  ];
}

function contexts([run = 0n, group = 0n]: readonly bigint[]) {
  return [
    { typeId: run, name: 'alpha', properties: values({ i: int(1n) }), customProperties: values() },
    {
      typeId: run,
      name: 'Alpha',
      properties: values({ i: int(2n), s: string('x') }),
      customProperties: values({ i: int(1n) }),
    },
    {
      typeId: group,
      name: 'alpha',
      externalId: 'x1',
      properties: values(),
      customProperties: values({ i: string('two') }),
    },
    { typeId: group, name: '100%', properties: values({ b: bool(false), d: double(1) }), customProperties: values() },
    {
      typeId: group,
      name: "it's",
      properties: values({ s: string('alpha') }),
      customProperties: values({ 'my name': int(4n) }),
    },
  ];
}
