import type { Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';

import { checkText, MAX_BYTES, MAX_CHARACTERS } from './text-input.ts';
import type { Mistakes } from './user-error.ts';

/** A custom property to write, as GraphQL's `PropertyInput` has it. */
export interface PropertyInput {
  readonly name: string;
  readonly value: PropertyValueInput;
}

interface PropertyValueInput {
  readonly stringValue?: string | null | undefined;
  /** Digits where it was written as a literal. */
  readonly intValue?: bigint | string | null | undefined;
  readonly doubleValue?: number | null | undefined;
  readonly boolValue?: boolean | null | undefined;
  readonly structValue?: unknown;
  readonly protoValue?: { readonly typeUrl: string; readonly value: string } | null | undefined;
}

/** Objects and lists that may stand one in the other: a protobuf reader takes 100 messages, and 3 go for each. */
const MAX_DEPTH = 30;

/** Custom properties in one change. */
const MAX_PROPERTIES = 500;

/** Reads custom properties to write: their values by name. */
export function readProperties(given: readonly PropertyInput[], mistakes: Mistakes): Map<string, Value> {
  const values = new Map<string, Value>();
  if (given.length > MAX_PROPERTIES) {
    mistakes.invalid(`There are ${given.length} properties; one change may have ${MAX_PROPERTIES}.`);
    return values;
  }
  for (const [index, { name, value }] of given.entries()) {
    const here = mistakes.at(String(index));
    checkPropertyName(name, here.at('name'));
    if (values.has(name)) here.at('name').invalid('Another property of the input has the name.');
    const read = readValue(value, here.at('value'));
    if (read) values.set(name, read);
  }
  return values;
}

/** Tells what keeps a name from being that of a property. */
export function checkPropertyName(name: string, mistakes: Mistakes): void {
  checkText(name, { filled: true, maxCharacters: MAX_CHARACTERS }, mistakes);
}

function readValue(input: PropertyValueInput, mistakes: Mistakes): Value | undefined {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  const [only] = given;
  if (!only || given.length > 1) {
    mistakes.invalid(`Exactly one of the value's fields has to be given; there are ${given.length}.`);
    return undefined;
  }
  return toValue(input, mistakes.at(only[0]));
}

function toValue(input: PropertyValueInput, mistakes: Mistakes): Value {
  const { stringValue, intValue, doubleValue, boolValue, structValue, protoValue } = input;
  if (typeof stringValue === 'string') {
    checkText(stringValue, {}, mistakes);
    return { stringValue };
  }
  if (intValue !== null && intValue !== undefined) return { intValue: BigInt(intValue) };
  if (typeof doubleValue === 'number') {
    if (!Number.isFinite(doubleValue)) mistakes.invalid('It has to be a finite number.');
    return { doubleValue };
  }
  if (typeof boolValue === 'boolean') return { boolValue };
  if (protoValue) return { protoValue: readProto(protoValue, mistakes) };
  return { structValue: readStruct(structValue, mistakes) };
}

function readProto({ typeUrl, value }: NonNullable<PropertyValueInput['protoValue']>, mistakes: Mistakes) {
  checkText(typeUrl, { filled: true }, mistakes.at('typeUrl'));
  const bytes = Buffer.from(value, 'base64');
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === value.replace(/=+$/, '');
  if (!isBase64) mistakes.at('value').invalid('It is no base64.');
  if (bytes.length > MAX_BYTES) mistakes.at('value').invalid(`It has ${bytes.length} bytes; it may have ${MAX_BYTES}.`);
  return { typeUrl, value: bytes };
}

function readStruct(value: unknown, mistakes: Mistakes): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    mistakes.invalid('It has to be a JSON object.');
    return {};
  }
  if (isDeeper(value, MAX_DEPTH)) {
    mistakes.invalid(`It is nested deeper than ${MAX_DEPTH} levels.`);
    return {};
  }
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > MAX_BYTES) mistakes.invalid(`It has ${bytes} bytes as JSON; it may have ${MAX_BYTES}.`);
  const problem = problemIn(value);
  if (problem) mistakes.invalid(problem);
  return { ...value };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

/** What in a JSON value cannot be stored; keys count too. */
function problemIn(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'It has a character U+0000, which cannot be stored.';
    return value.isWellFormed() ? undefined : 'It has half of a surrogate pair, which cannot be stored.';
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'Its numbers have to be finite.';
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = Array.isArray(value) ? value : Object.entries(value).flat();
  return parts.map(problemIn).find((problem) => problem !== undefined);
}
