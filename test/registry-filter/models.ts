import { Artifact_State } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import type { MetadataStore } from '../../src/mlmd/store.ts';
import { properties, putRegistryTypes, type Values } from '../registry-rows.ts';
import type { Plain } from './plain.ts';

const string = (stringValue: string) => ({ stringValue });

/** Values of every kind, those that only look alike, and those that break a filter that is glued together. */
export const VALUES: readonly Plain[] = [
  undefined,
  { intValue: 5n },
  { intValue: 7n },
  { intValue: -1n },
  { intValue: 2n ** 53n + 1n },
  { doubleValue: 5 },
  { doubleValue: 0.5 },
  { doubleValue: -1e300 },
  string('alpha'),
  string('ALPHA'),
  string('5'),
  string('100%'),
  string('100 percent'),
  string('a_b'),
  string('axb'),
  string('it\'s "quoted"'),
  string("' OR TRUE OR name = '"),
  string('back\\slash'),
  string(''),
  string('name'),
  string('state = LIVE'),
  string('Été 😀'),
  string('two\nlines'),
  { boolValue: true },
  { boolValue: false },
  { structValue: { a: 'Alpha', b: [1, true] } },
];

/** Names under which every model has its value too: with capitals, points, quotes, and those of columns. */
export const NAMES = [
  'p',
  'Cap',
  'mlflow.source.type',
  'mlflow-source-type',
  'my name',
  "it's",
  'a`b"c',
  'string_value',
  'é',
  'a(b',
];

/** A model for each value, its property `p` and its owner being that; ids count from 1. */
export async function fillModels(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const typeId = types.get('kf.RegisteredModel') ?? 0n;
  await store.putContexts({
    contexts: VALUES.map((value, index) => {
      const custom: Values = value ? Object.fromEntries(NAMES.map((name) => [name, value])) : {};
      const owner: Values = value && 'stringValue' in value ? { owner: value } : {};
      return { ...properties(owner, custom), typeId, name: `model ${index}`, ...externalId(value) };
    }),
  });
}

/** The value as the external id, where it can be one. */
function externalId(value: Plain) {
  return value && 'stringValue' in value && value.stringValue !== '' ? { externalId: value.stringValue } : {};
}

/** The states of the artifacts of {@link fillArtifacts}, by id from 1. */
export const STATES = [undefined, ...Object.values(Artifact_State)];
