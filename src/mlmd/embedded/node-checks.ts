import { propertyTypeOf } from '../../domain/property.ts';
import { RegistryError } from '../../errors.ts';
import {
  Artifact_State,
  Execution_State,
  PropertyType,
  type Value,
} from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import type { DeclaredProperties } from './declared-properties.ts';
import { checkText, checkTexts } from './stored-text.ts';
import type { NodeInput } from './write-kinds.ts';

/** Refuses, with INVALID_ARGUMENT naming the field, what could not be read back as it was written. */
export function checkStorable(node: NodeInput): void {
  checkText('name', node.name);
  checkText('external_id', node.externalId);
  checkText('uri', node.uri);
  checkKnown('state', node.state, Artifact_State);
  checkKnown('last_known_state', node.lastKnownState, Execution_State);
  for (const properties of [node.properties, node.customProperties]) {
    for (const [name, value] of properties) {
      checkText('A property name', name);
      checkValue(`Property '${name}'`, value);
    }
  }
}

/** Another number would be left out by a proto2 reader, and the C++ engine could not read the row. */
function checkKnown(field: string, number: number | undefined, known: Readonly<Record<string, number>>): void {
  if (number === undefined || Object.values(known).includes(number)) return;
  throw new RegistryError(
    'INVALID_ARGUMENT',
    `${field} is ${number}, which is none of ${Object.keys(known).join(', ')}.`,
  );
}

function checkValue(field: string, value: Value): void {
  const { intValue, stringValue, structValue, protoValue } = value;
  if (stringValue !== undefined) checkText(field, stringValue);
  if (structValue !== undefined) checkStruct(field, structValue);
  if (stringValue?.startsWith('mlmd-struct::')) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} begins with 'mlmd-struct::', by which MLMD marks structs.`);
  }
  if (intValue !== undefined && BigInt.asIntN(64, intValue) !== intValue) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} is ${intValue}, which is no 64-bit integer.`);
  }
  if (protoValue !== undefined && !protoValue.typeUrl) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} is a protobuf message without a type_url.`);
  }
}

/** ts-proto reads 100 messages one in the other, and 4 of an answer are around the struct of a property. */
const MAX_STRUCT_DEPTH = 96;

function checkStruct(field: string, struct: Record<string, unknown>): void {
  if (isDeeper(struct, MAX_STRUCT_DEPTH)) {
    throw new RegistryError('INVALID_ARGUMENT', `${field} is nested too deep.`);
  }
  checkTexts(field, struct);
}

/** Whether the value takes more messages one in the other than `levels`: Struct, FieldsEntry, Value and ListValue. */
function isDeeper(value: unknown, levels: number): boolean {
  if (levels < 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  const below = levels - (Array.isArray(value) ? 2 : 3);
  return levels < 1 || Object.values(value).some((each) => below < 0 || isDeeper(each, below));
}

/**
 * Refuses, with INVALID_ARGUMENT, properties that the node's type does not declare or declares with another type.
 * `names` are the properties that are to be written, absent for all.
 */
export function checkDeclared(
  properties: ReadonlyMap<string, Value>,
  declared: DeclaredProperties,
  names?: ReadonlySet<string>,
): void {
  for (const [name, value] of properties) {
    if (names && !names.has(name)) continue;
    const type = declared.get(name);
    if (type === undefined) {
      throw new RegistryError('INVALID_ARGUMENT', `Property '${name}' is not declared by the type.`);
    }
    if (propertyTypeOf(value) !== type) {
      // The first words are the C++ engine's: its Python client's own suite looks for them.
      const problem = `Found unmatched property type: ${name} is declared as ${typeName(type)} by the type.`;
      throw new RegistryError('INVALID_ARGUMENT', problem);
    }
  }
}

function typeName(type: PropertyType): string {
  const [name = String(type)] = Object.entries(PropertyType).find(([, number]) => number === type) ?? [];
  return name;
}
