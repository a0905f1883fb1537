import { RegistryError } from '../../errors.ts';
import { type ArtifactStructType, PropertyType } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { setBaseType } from './base-types.ts';
import { orAlreadyExists } from './duplicates.ts';
import type { EngineRpc } from './rpc.ts';
import { checkTexts } from './stored-text.ts';
import { toPropertyType } from './stored-types.ts';
import { formatStructType } from './struct-types.ts';
import { jsonList, type Transaction, toInt, toText } from './transaction.ts';
import { ARTIFACT_TYPE, CONTEXT_TYPE, EXECUTION_TYPE, type TypeKind } from './type-kinds.ts';

/** Creates types or adds properties to them, by the rules of {@link putArtifactType}; ids in the order of the request. */
export const putTypes: EngineRpc<'putTypes'> = async (transaction, request) => ({
  artifactTypeIds: await upsertTypes(transaction, ARTIFACT_TYPE, request.artifactTypes, request),
  executionTypeIds: await upsertTypes(transaction, EXECUTION_TYPE, request.executionTypes, request),
  contextTypeIds: await upsertTypes(transaction, CONTEXT_TYPE, request.contextTypes, request),
});

/**
 * Creates the type, or adds properties to the one of its name and version: ALREADY_EXISTS where a property has another
 * type there, where it has fewer (unless canAddFields) or more properties (unless canOmitFields). Of an existing type
 * only properties and the external id change, and a base type is added where it has none.
 */
export const putArtifactType: EngineRpc<'putArtifactType'> = async (transaction, request) =>
  upsertType(transaction, ARTIFACT_TYPE, request.artifactType, request);

/** As {@link putArtifactType}. An existing type keeps its input and output types. */
export const putExecutionType: EngineRpc<'putExecutionType'> = async (transaction, request) =>
  upsertType(transaction, EXECUTION_TYPE, request.executionType, request);

/** As {@link putArtifactType}. */
export const putContextType: EngineRpc<'putContextType'> = async (transaction, request) =>
  upsertType(transaction, CONTEXT_TYPE, request.contextType, request);

/** What a request may say of a type of any kind. */
interface TypeInput {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly externalId?: string | undefined;
  readonly properties: ReadonlyMap<string, PropertyType>;
  readonly baseType?: number | undefined;
  readonly inputType?: ArtifactStructType | undefined;
  readonly outputType?: ArtifactStructType | undefined;
}

/** How a given type may differ from the stored one. */
interface Rules {
  readonly canAddFields?: boolean | undefined;
  readonly canOmitFields?: boolean | undefined;
  readonly allFieldsMatch?: boolean | undefined;
}

interface StoredType {
  readonly id: bigint;
  readonly properties: Map<string, PropertyType>;
}

async function upsertType(
  transaction: Transaction,
  kind: TypeKind,
  type: TypeInput = { properties: new Map() },
  rules: Rules = {},
): Promise<{ typeId: bigint | undefined }> {
  const [typeId] = await upsertTypes(transaction, kind, [type], rules);
  return { typeId };
}

async function upsertTypes(
  transaction: Transaction,
  kind: TypeKind,
  types: readonly TypeInput[],
  rules: Rules,
): Promise<bigint[]> {
  if (rules.allFieldsMatch === false) {
    throw new RegistryError('UNIMPLEMENTED', 'Types can only be put with all_fields_match.');
  }
  const known = await storedTypes(transaction, kind, types);
  const ids: bigint[] = [];
  for (const type of types) {
    const { name = '' } = type;
    if (name === '') throw new RegistryError('INVALID_ARGUMENT', `A type of ${kind.noun}s has no name.`);
    checkTexts(`The ${kind.noun} type`, type);
    const key = typeKey(name, type.version);
    const stored = known.get(key);
    if (stored) await extendType(transaction, kind, stored, type, rules);
    const { id, properties } = stored ?? (await createType(transaction, kind, name, type));
    known.set(key, { id, properties });
    await setBaseType(transaction, kind, id, type.baseType);
    ids.push(id);
  }
  return ids;
}

/** Names have no U+0000, so no two types share a key. */
function typeKey(name: string, version: string | undefined): string {
  return `${name}\0${version ?? ''}`;
}

/** The stored types of these names, by {@link typeKey}; the oldest where a race of C++ engines made two of them. */
async function storedTypes(
  transaction: Transaction,
  kind: TypeKind,
  types: readonly TypeInput[],
): Promise<Map<string, StoredType>> {
  if (types.length === 0) return new Map();
  const rows = await transaction.all(
    `SELECT T.id, T.name, T.version, P.name, P.data_type FROM Type AS T LEFT JOIN TypeProperty AS P ON P.type_id = T.id
     WHERE T.type_kind = ? AND T.name IN (SELECT value FROM json_each(?)) ORDER BY T.id`,
    kind.code,
    jsonList(types.map(({ name = '' }) => name)),
  );
  const stored = new Map<string, StoredType>();
  for (const [idColumn, name, version, property, type] of rows) {
    const id = toInt(idColumn) ?? 0n;
    const key = typeKey(toText(name) ?? '', toText(version));
    const known = stored.get(key) ?? { id, properties: new Map() };
    stored.set(key, known);
    if (property !== null && known.id === id) known.properties.set(toText(property) ?? '', toPropertyType(type));
  }
  return stored;
}

async function createType(
  transaction: Transaction,
  kind: TypeKind,
  name: string,
  type: TypeInput,
): Promise<StoredType> {
  const { lastId } = await orAlreadyExists(
    `There is already a type with the external id '${type.externalId}'.`,
    transaction.run(
      `INSERT INTO Type (name, type_kind, version, description, input_type, output_type, external_id)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      name,
      kind.code,
      type.version || null,
      type.description ?? null,
      type.inputType === undefined ? null : formatStructType(type.inputType),
      type.outputType === undefined ? null : formatStructType(type.outputType),
      type.externalId ?? null,
    ),
  );
  const stored: StoredType = { id: lastId, properties: new Map() };
  await addProperties(transaction, kind, stored, type);
  return stored;
}

async function addProperties(
  transaction: Transaction,
  kind: TypeKind,
  stored: StoredType,
  type: TypeInput,
): Promise<void> {
  for (const [property, propertyType] of type.properties) {
    if (stored.properties.has(property)) continue;
    if (propertyType === PropertyType.UNKNOWN || toPropertyType(propertyType) !== propertyType) {
      throw new RegistryError('INVALID_ARGUMENT', `Property '${property}' of the ${kind.noun} type has no known type.`);
    }
    await transaction.run(
      'INSERT INTO TypeProperty (type_id, name, data_type) VALUES (?, ?, ?)',
      stored.id,
      property,
      BigInt(propertyType),
    );
    stored.properties.set(property, propertyType);
  }
}

async function extendType(
  transaction: Transaction,
  kind: TypeKind,
  stored: StoredType,
  type: TypeInput,
  rules: Rules,
): Promise<void> {
  checkConsistent(kind, stored, type, rules);
  await addProperties(transaction, kind, stored, type);
  if (!type.externalId) return;
  await orAlreadyExists(
    `There is already another type with the external id '${type.externalId}'.`,
    transaction.run(
      'UPDATE Type SET external_id = ?1 WHERE id = ?2 AND external_id IS NOT ?1',
      type.externalId,
      stored.id,
    ),
  );
}

function checkConsistent(kind: TypeKind, stored: StoredType, type: TypeInput, rules: Rules): void {
  const refuse = (problem: string) => {
    throw new RegistryError('ALREADY_EXISTS', `The ${kind.noun} type '${type.name}' exists already ${problem}.`);
  };
  for (const [property, storedType] of stored.properties) {
    const given = type.properties.get(property);
    if (given === undefined && !rules.canOmitFields) refuse(`with a property '${property}' that was left out`);
    if (given !== undefined && given !== storedType) refuse(`with another type of its property '${property}'`);
  }
  const added = [...type.properties.keys()].find((property) => !stored.properties.has(property));
  if (added !== undefined && !rules.canAddFields) refuse(`without a property '${added}'`);
}
