import { RegistryError } from '../../errors.ts';
import {
  ArtifactType_SystemDefinedBaseType as ArtifactBase,
  type ArtifactStructType,
  type ArtifactType,
  type DictArtifactStructType,
  PropertyType,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

/** An execution type's input or output type as MLMD stores it: protobuf's JSON, escaped as the C++ engine does. */
export function formatStructType(type: ArtifactStructType): string {
  return JSON.stringify(type, toJson).replaceAll(/[<>\u2028\u2029]/g, escapeCharacter);
}

/** A replacer: int64 as text, enum values by name, maps as objects, empty lists and maps left out. */
function toJson(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (key === 'baseType' && typeof value === 'number') return nameOf(ArtifactBase, value);
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (!(value instanceof Map)) return value;
  if (value.size === 0) return undefined;
  const named = [...value].map(([name, each]) => [name, typeof each === 'number' ? nameOf(PropertyType, each) : each]);
  return Object.fromEntries(named);
}

function nameOf(values: Readonly<Record<string, number>>, value: number): string | number {
  return Object.keys(values).find((name) => values[name] === value) ?? value;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The input or output type in its column; undefined for NULL and empty text. DATA_LOSS where it is no such type. */
export function parseStructType(text: string | undefined): ArtifactStructType | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return toStructType(toObject(JSON.parse(text)));
  } catch (cause) {
    throw new RegistryError('DATA_LOSS', 'An execution type in the store has a damaged input or output type.', {
      cause,
    });
  }
}

type Json = Readonly<Record<string, unknown>>;

function toStructType(json: Json): ArtifactStructType {
  const [[kind, content] = []] = Object.entries(json);
  if (kind === undefined) return {};
  const fields = toObject(content);
  switch (kind) {
    case 'simple':
      return { simple: toArtifactType(fields) };
    case 'unionType':
      return { unionType: { candidates: toList(fields['candidates']) } };
    case 'intersection':
      return { intersection: { constraints: toList(fields['constraints']) } };
    case 'list':
      return { list: fields['element'] === undefined ? {} : { element: toStructType(toObject(fields['element'])) } };
    case 'none':
      return { none: {} };
    case 'any':
      return { any: {} };
    case 'tuple':
      return { tuple: { elements: toList(fields['elements']) } };
    case 'dict':
      return { dict: toDict(fields) };
    default:
      throw new Error(`unknown kind of struct type: ${kind}`);
  }
}

function toDict(json: Json): DictArtifactStructType {
  const { properties = {}, noneTypeNotRequired, extraPropertiesType } = json;
  const entries = Object.entries(toObject(properties));
  return {
    properties: new Map(entries.map(([name, type]) => [name, toStructType(toObject(type))])),
    ...(typeof noneTypeNotRequired === 'boolean' && { noneTypeNotRequired }),
    ...(extraPropertiesType !== undefined && { extraPropertiesType: toStructType(toObject(extraPropertiesType)) }),
  };
}

function toArtifactType(json: Json): ArtifactType {
  const { id, name, version, description, externalId, properties = {}, baseType } = json;
  const entries = Object.entries(toObject(properties));
  return {
    ...(id !== undefined && { id: BigInt(String(id)) }),
    ...(name !== undefined && { name: String(name) }),
    ...(version !== undefined && { version: String(version) }),
    ...(description !== undefined && { description: String(description) }),
    ...(externalId !== undefined && { externalId: String(externalId) }),
    properties: new Map(entries.map(([property, type]) => [property, enumValue(PropertyType, type)])),
    ...(baseType !== undefined && { baseType: enumValue(ArtifactBase, baseType) }),
  };
}

/** The value that a name or number in the JSON stands for. */
function enumValue<Value extends number>(values: Readonly<Record<string, Value>>, json: unknown): Value {
  const value = Object.entries(values).find(([name, number]) => name === json || number === json)?.[1];
  if (value === undefined) throw new Error(`unknown enum value: ${json}`);
  return value;
}

function toList(json: unknown): ArtifactStructType[] {
  return Array.isArray(json) ? json.map((each) => toStructType(toObject(each))) : [];
}

function toObject(json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('not a JSON object');
  return { ...json };
}
