import type { Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import { type Reference, readField, type Stored } from './field-input.ts';
import { checkPropertyName, type PropertyInput, readProperties } from './property-input.ts';
import { REGISTRY_KINDS, type RegistryField, type RegistryKindName } from './registry-kinds.ts';
import { checkText, MAX_CHARACTERS } from './text-input.ts';
import type { Mistakes } from './user-error.ts';

/** What an input wants a row to be, read as it is to be stored. */
export interface Draft {
  readonly kind: RegistryKindName;
  /** The name that people know; undefined where none is given. */
  readonly name: string | undefined;
  /** Null takes the external id away, undefined leaves it. */
  readonly externalId: string | null | undefined;
  /** What is given of the fields, by their names; null takes the value away. */
  readonly fields: ReadonlyMap<string, Stored | null>;
  /** Custom properties to set; null removes. */
  readonly customProperties: ReadonlyMap<string, Value | null>;
  /** Where in the input each of them stands. */
  readonly propertyPlaces: ReadonlyMap<string, readonly string[]>;
  /** True where no custom properties but these are to be. */
  readonly replacesCustomProperties: boolean;
  /** Fields that are given as null though no row is without: see {@link tellNulls}. */
  readonly nulls: readonly string[];
  /** Rows that it names and that have to be there. */
  readonly references: readonly (Reference & { readonly field: string })[];
}

/** An input object of GraphQL's. */
export type Input = object;

/**
 * Reads the input of a kind; what is wrong with it is told. In a `new` row null is the same as absent, but for a state of
 * MLMD's own, which it leaves out; elsewhere it takes a value away, where the field may be without. Of `either`, nulls
 * are told when it is known which it is.
 */
export function readDraft(
  kind: RegistryKindName,
  input: Input,
  mistakes: Mistakes,
  form: 'new' | 'change' | 'either',
): Draft {
  const given = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  if (form === 'new') for (const [name, value] of given) if (value === null) given.delete(name);
  const references: (Reference & { readonly field: string })[] = [];
  const fields = new Map<string, Stored | null>(form === 'new' ? withoutStates(kind, input) : []);
  const nulls: string[] = [];
  for (const [name, field] of Object.entries(REGISTRY_KINDS[kind].fields)) {
    if (!given.has(name)) continue;
    if (given.get(name) === null && isNeverNull(field)) {
      nulls.push(name);
      continue;
    }
    const stored = readGiven(field, given.get(name), mistakes.at(name), (reference) =>
      references.push({ ...reference, field: name }),
    );
    if (stored !== undefined) fields.set(name, stored);
  }
  if (form === 'change') tellNulls({ nulls }, mistakes);
  return {
    kind,
    nulls,
    name: readName(given.get('name'), mistakes.at('name')),
    externalId: readExternalId(given, mistakes.at('externalId')),
    fields,
    customProperties: readCustomProperties(given, mistakes),
    propertyPlaces: placesOfProperties(given),
    replacesCustomProperties: Array.isArray(given.get('replaceCustomProperties')),
    references,
  };
}

/** The states of MLMD's own that an input wants to be left out, by null. */
function withoutStates(kind: RegistryKindName, input: Input): [string, null][] {
  const nulls = Object.entries(input).flatMap(([name, value]) => (value === null ? [name] : []));
  const { fields } = REGISTRY_KINDS[kind];
  return nulls.filter((name) => fields[name] && 'attribute' in fields[name].stored).map((name) => [name, null]);
}

function readGiven(
  field: RegistryField,
  value: unknown,
  mistakes: Mistakes,
  refer: (reference: Reference) => void,
): Stored | null | undefined {
  if (value === null) return null;
  return readField(field, value, mistakes, refer) ?? (field.as === 'list' ? null : undefined);
}

function isNeverNull({ required, initially }: RegistryField): boolean {
  return required === true || initially !== undefined;
}

/** Tells what a draft would take away from a row that is there, though no row may be without it. */
export function tellNulls({ nulls }: Pick<Draft, 'nulls'>, mistakes: Mistakes): void {
  for (const name of nulls) mistakes.at(name).invalid('It cannot be taken away; leave it out to keep it.');
}

/** How long it may be depends on its owner, see {@link checkStoredName}. */
function readName(name: unknown, mistakes: Mistakes): string | undefined {
  if (typeof name !== 'string') return undefined;
  checkText(name, { filled: true }, mistakes);
  return name;
}

function readExternalId(given: ReadonlyMap<string, unknown>, mistakes: Mistakes): string | null | undefined {
  const externalId = given.get('externalId');
  if (typeof externalId !== 'string') return externalId === null ? null : undefined;
  checkText(externalId, { filled: true, maxCharacters: MAX_CHARACTERS }, mistakes);
  return externalId;
}

/**
 * `customProperties` and `setCustomProperties` set, `removeCustomProperties` removes; `replaceCustomProperties` goes with
 * neither.
 */
function readCustomProperties(given: ReadonlyMap<string, unknown>, mistakes: Mistakes): Map<string, Value | null> {
  const all = new Map<string, Value | null>();
  const replaced = given.get('replaceCustomProperties');
  if (replaced && (given.get('setCustomProperties') || given.get('removeCustomProperties'))) {
    mistakes.at('replaceCustomProperties').invalid('It goes with neither set nor removed properties.');
  }
  for (const argument of ['customProperties', 'setCustomProperties', 'replaceCustomProperties']) {
    const properties = (given.get(argument) ?? []) as readonly PropertyInput[];
    for (const [name, value] of readProperties(properties, mistakes.at(argument))) all.set(name, value);
  }
  const removed = (given.get('removeCustomProperties') ?? []) as readonly string[];
  for (const [index, name] of removed.entries()) {
    const here = mistakes.at('removeCustomProperties', String(index));
    checkPropertyName(name, here);
    if (all.get(name)) here.invalid('The property is both set and removed.');
    else all.set(name, null);
  }
  return all;
}

function placesOfProperties(given: ReadonlyMap<string, unknown>): Map<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  for (const argument of [
    'customProperties',
    'setCustomProperties',
    'replaceCustomProperties',
    'removeCustomProperties',
  ]) {
    const properties = (given.get(argument) ?? []) as readonly (PropertyInput | string)[];
    for (const [index, each] of properties.entries()) {
      places.set(typeof each === 'string' ? each : each.name, [argument, String(index)]);
    }
  }
  return places;
}

/** Tells a name that is too long behind its prefix, which is the id of its owner or a UUID. */
export function checkStoredName(draft: Draft, prefix: string, mistakes: Mistakes): void {
  const { name, kind } = draft;
  if (name === undefined) return;
  const ownPart = REGISTRY_KINDS[kind].owners.length === 0 ? 0 : prefix.length + 1;
  const suffix = kind === 'Metric' ? HISTORY_SUFFIX : 0;
  const room = MAX_CHARACTERS - ownPart - suffix;
  const characters = Array.from(name).length;
  if (characters > room) mistakes.invalid(`The name has ${characters} characters; here it may have ${room}.`);
}

/** Characters that stand behind the name of a metric in its history: `__` and a time in milliseconds. */
const HISTORY_SUFFIX = 15;
