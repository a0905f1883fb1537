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

/** The values of the properties `p`, `q` and `r` of the model of this index, so that each goes with several others. */
export const TURNED = {
  p: (index: number) => VALUES[index],
  q: (index: number) => VALUES[(index * 7) % VALUES.length],
  r: (index: number) => VALUES[(index * 11 + 3) % VALUES.length],
} as const;

/** A model for each value, its property `p` and its owner being that; ids count from 1. */
export async function fillModels(store: MetadataStore): Promise<void> {
  const types = await putRegistryTypes(store);
  const typeId = types.get('kf.RegisteredModel') ?? 0n;
  const contexts = VALUES.map((value, index) => {
    const custom: Values = value ? Object.fromEntries(NAMES.map((name) => [name, value])) : {};
    const turned = Object.entries(TURNED).flatMap(([name, at]) => {
      const other = at(index);
      return other && name !== 'p' ? [[name, other] as const] : [];
    });
    const owner: Values = value && 'stringValue' in value ? { owner: value } : {};
    const all = { ...custom, ...Object.fromEntries(turned) };
    return { ...properties(owner, all), typeId, name: `model ${index}`, ...externalId(value) };
  });
  // Some have one and the same time, and there are several times.
  for (let at = 0; at < contexts.length; at += 9) {
    const begun = Date.now();
    await store.putContexts({ contexts: contexts.slice(at, at + 9) });
    while (Date.now() === begun) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The value as the external id, where it can be one. */
function externalId(value: Plain) {
  return value && 'stringValue' in value && value.stringValue !== '' ? { externalId: value.stringValue } : {};
}
