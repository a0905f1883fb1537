import type { Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { RegistryField, RegistryKindName } from './registry-kinds.ts';
import { checkText, MAX_BYTES } from './text-input.ts';
import type { Mistakes } from './user-error.ts';

/** What is stored of a field: the value of a property, or the text or state of an attribute. */
export type Stored = Value | string | number;

/** An id in an input, of a row that has to be there. */
export interface Reference {
  readonly id: bigint;
  readonly kind: RegistryKindName;
}

/**
 * Reads a field of an input, which is not null, as it is to be stored; undefined where it cannot be, or where it is an
 * empty list, which is stored as none. `refer` hears of the id of another row.
 */
export function readField(
  field: RegistryField,
  given: unknown,
  mistakes: Mistakes,
  refer: (reference: Reference) => void,
): Stored | undefined {
  switch (field.as) {
    case 'text':
      return inPlace(field, readText(String(given), field, mistakes));
    case 'int':
      return { intValue: BigInt(given as bigint | string) };
    case 'double':
      return readDouble(Number(given), mistakes);
    case 'time':
      return { stringValue: String(given) };
    case 'list':
      return readList(field, given as readonly string[], mistakes);
    case 'enum':
      return readEnum(field, String(given));
    case 'id':
      return readReference(String(given), field.refersTo, mistakes, refer);
  }
}

/** A text in an attribute stands for itself, in a property as its value. */
function inPlace({ stored }: RegistryField, text: string): Stored {
  return 'property' in stored ? { stringValue: text } : text;
}

function readText(text: string, { looks, maxBytes }: RegistryField, mistakes: Mistakes): string {
  checkText(text, { looks, maxBytes }, mistakes);
  return text;
}

function readDouble(doubleValue: number, mistakes: Mistakes): Value {
  if (!Number.isFinite(doubleValue)) mistakes.invalid('It has to be a finite number.');
  return { doubleValue };
}

/** A list is a struct with one field, of the property's name. */
function readList({ stored }: RegistryField, texts: readonly string[], mistakes: Mistakes): Value | undefined {
  for (const [index, text] of texts.entries()) checkText(text, {}, mistakes.at(String(index)));
  const bytes = Buffer.byteLength(JSON.stringify(texts));
  if (bytes > MAX_BYTES) mistakes.invalid(`It has ${bytes} bytes as JSON; it may have ${MAX_BYTES}.`);
  if (texts.length === 0 || !('property' in stored)) return undefined;
  return { structValue: { [stored.property]: [...texts] } };
}

/** The enum of GraphQL has no other values than the table. */
function readEnum(field: RegistryField & { readonly as: 'enum' }, name: string): Stored | undefined {
  const value = field.values[name];
  return typeof value === 'string' ? inPlace(field, value) : value;
}

function readReference(
  text: string,
  kind: RegistryKindName | undefined,
  mistakes: Mistakes,
  refer: (reference: Reference) => void,
): Value | undefined {
  const id = readId(text, mistakes);
  if (id === undefined) return undefined;
  if (kind) refer({ id, kind });
  return { intValue: id };
}

/** MLMD's id from its digits; undefined, and told, where it is none. */
export function readId(text: string, mistakes: Mistakes): bigint | undefined {
  const id = /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  if (id !== undefined && BigInt.asIntN(64, id) === id) return id;
  mistakes.invalid('It is not an id; it has to be a whole number of at most 64 bits.');
  return undefined;
}
