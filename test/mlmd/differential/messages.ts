import fc from 'fast-check';

import {
  type Artifact,
  type Context,
  type Event,
  Event_Type,
  type Execution,
  PropertyType,
  type Value,
} from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';

/** What a sequence finds in the store: types A and A2 (10, 11), E (12) and C (13), and some nodes with the ids from 1. */
export const STORED = { artifacts: 5, executions: 3, contexts: 4 };

/** In a request: the last update time that the store has for that node. */
export const STORED_TIME = -1n;

/** The value or nothing; two of three times the value, or as often as `freq` of `freq` + 1 says. */
export function maybe<T>(arbitrary: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq });
}

/** The value one of four times. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 1, arbitrary }, { weight: 3, arbitrary: fc.constant(undefined) });
}

/** Up to `maxLength` of them. */
export function many<T>(arbitrary: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { maxLength, size: 'max' });
}

/** Ids of nodes: most are there, the greater ones sometimes, 40 never. */
export const nodeId = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(1n, 2n, 3n, 4n) },
  { weight: 3, arbitrary: fc.constantFrom(5n, 6n, 7n) },
  { weight: 1, arbitrary: fc.constant(40n) },
);

/** External ids, so few that they meet. */
export const externalId = fc.constantFrom('x', 'y', "O'Hara", '😀', '');

/** Names of nodes, so few that they meet. */
export const nodeName = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', '"; DROP TABLE Artifact; --') },
  { weight: 1, arbitrary: fc.constant('') },
);

/**
 * Doubles that the C++ engine keeps exactly: six digits, six decimals, and whole eighths or sixty-fourths, since its
 * SQLite may read another decimal as the double beside the nearest one, as it does 0.242132.
 */
const double = fc.oneof(
  fc.integer({ min: -999_999, max: 999_999 }),
  fc.integer({ min: -7_999, max: 7_999 }).map((eighths) => eighths / 8),
  fc.integer({ min: -63, max: 63 }).map((parts) => parts / 64),
);

const struct = fc.constantFrom<Record<string, unknown>>(
  {},
  { a: 1, b: 2 },
  { b: 2, a: 1 },
  { list: [null, true, 'é', { deep: [0.5] }] },
);

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)).map((intValue) => ({ intValue })),
  double.map((doubleValue) => ({ doubleValue })),
  fc.constantFrom('', 'a', '\'"`%_\\', '😀', '-- \n\t').map((stringValue) => ({ stringValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  struct.map((structValue) => ({ structValue })),
  fc
    .uint8Array({ maxLength: 3 })
    .map((bytes) => ({ protoValue: { typeUrl: 'type.googleapis.com/x', value: Buffer.from(bytes) } })),
);

/** Custom properties; their names are never those of properties. */
const customProperties = many(fc.tuple(fc.constantFrom('c1', 'c2', 'c.3'), value)).map((entries) => new Map(entries));

const integer = fc.constantFrom(1n, 2n).map((intValue): [string, Value] => ['n', { intValue }]);
const text = fc.constantFrom('p', 'q').map((stringValue): [string, Value] => ['s', { stringValue }]);
const fields = struct.map((structValue): [string, Value] => ['st', { structValue }]);
const wrong = fc.constantFrom<[string, Value]>(['zz', { intValue: 1n }], ['n', { stringValue: '' }]);

/** Properties: declared ones, seldom an undeclared one or one of the wrong kind. */
function propertiesOf(...declared: readonly fc.Arbitrary<[string, Value]>[]) {
  const property = fc.oneof({ weight: 24, arbitrary: fc.oneof(...declared) }, { weight: 1, arbitrary: wrong });
  return many(property).map((entries) => new Map(entries));
}

function node(typeId: bigint, wrongTypes: readonly bigint[]) {
  return {
    id: maybe(nodeId, 1),
    typeId: fc.oneof(
      { weight: 40, arbitrary: fc.constant(typeId) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, 99n, ...wrongTypes) },
    ),
    name: maybe(nodeName),
    externalId: rarely(externalId),
    properties: propertiesOf(integer),
    customProperties,
  };
}

/** Artifacts of the types A and A2, and a few of none. */
export const artifact: fc.Arbitrary<Artifact> = fc.record({
  ...node(10n, [11n, 12n]),
  properties: propertiesOf(integer, text, fields),
  uri: maybe(fc.constantFrom('', 'u', 'v')),
  state: maybe(fc.constantFrom<NonNullable<Artifact['state']>>(0, 2)),
});

/** Executions of the type E, and a few of none. */
export const execution: fc.Arbitrary<Execution> = fc.record({
  ...node(12n, [10n]),
  lastKnownState: maybe(fc.constantFrom<NonNullable<Execution['lastKnownState']>>(0, 3)),
});

/** Contexts of the type C, most with a name. */
export const context: fc.Arbitrary<Context> = fc.record({ ...node(13n, [12n]), name: maybe(nodeName, 20) });

const eventType = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...Object.values(Event_Type).filter((type) => type !== 0)) },
  { weight: 1, arbitrary: fc.constant(Event_Type.UNKNOWN) },
);

/** An event between nodes that may not be there, with a path. */
export const event: fc.Arbitrary<Event> = fc.record({
  artifactId: maybe(nodeId, 9),
  executionId: maybe(fc.constantFrom(1n, 2n, 3n, 4n), 9),
  type: maybe(eventType, 29),
  millisecondsSinceEpoch: maybe(fc.constantFrom(0n, 5n, -5n)),
  path: maybe(
    fc.record({
      steps: many(fc.constantFrom({ key: 'é' }, { key: '' }, { index: 0n }, { index: -1n }, {})),
    }),
    1,
  ),
});

const propertyType = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(PropertyType.INT, PropertyType.STRING, PropertyType.BOOLEAN) },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(PropertyType)) },
);

const propertyTypes = many(fc.tuple(fc.constantFrom('a', 'b', 'c'), propertyType)).map((entries) => new Map(entries));

/** Fields of a type: few names and versions, so that they meet. */
export const typeFields = {
  name: maybe(fc.constantFrom('V', 'V', 'W', 'W', 'X', 'mlmd.Model', ''), 19),
  version: maybe(fc.constantFrom('1', '2', ''), 1),
  description: maybe(fc.constantFrom('d', 'é'), 1),
  externalId: maybe(fc.constantFrom('tx', 'ty'), 1),
  properties: propertyTypes,
};
