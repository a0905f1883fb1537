import type { Value } from '../../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../../src/mlmd/store.ts';

/** One RPC of a sequence that is run on a new store with the types A, E and C. */
export type WriteStep = (store: MetadataStore) => Promise<object>;

/** The id of the artifact type A, which has a property of each kind. */
export const A = 10n;
/** The id of the execution type E, which has an int property n. */
export const E = 11n;
/** The id of the context type C, which has an int property n. */
export const C = 12n;

/** Event.Type INPUT. */
export const input = 3;
/** Event.Type OUTPUT. */
export const output = 4;

/** No properties at all. */
export const none = new Map<string, Value>();
/** What every node has to have. */
export const plain = { properties: none, customProperties: none };

/** Properties, or custom ones, of a node. */
export function values(entries: Record<string, Value>): Map<string, Value> {
  return new Map(Object.entries(entries));
}

/** A value of each kind. */
export const oneOfEach = values({
  n: { intValue: -(2n ** 63n) },
  s: { stringValue: `O'Hara "😀"` },
  d: { doubleValue: 0.25 },
  t: { structValue: { one: 1 } },
  p: { protoValue: { typeUrl: 'type.googleapis.com/google.protobuf.Empty', value: Buffer.from([8, 1]) } },
  b: { boolValue: true },
});

/** A new execution with this artifact and event. */
export function putPair(
  store: MetadataStore,
  pair: Parameters<MetadataStore['putExecution']>[0]['artifactEventPairs'][number],
) {
  return store.putExecution({ execution: { ...plain, typeId: E }, artifactEventPairs: [pair], contexts: [] });
}
