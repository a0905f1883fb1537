import { RegistryError } from '../../errors.ts';
import { type ArtifactStructType, PropertyType } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { parseStructType } from './struct-types.ts';
import { jsonList, type Row, type SqlValue, type Transaction, toInt, toText } from './transaction.ts';
import { ARTIFACT_TYPE, EXECUTION_TYPE, type TypeKind } from './type-kinds.ts';

/** A stored type of any kind; only an execution type has an input and an output type. */
export interface StoredType<Base> {
  readonly id: bigint | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly externalId: string | undefined;
  readonly properties: Map<string, PropertyType>;
  readonly baseType: Base | undefined;
  readonly inputType?: ArtifactStructType | undefined;
  readonly outputType?: ArtifactStructType | undefined;
}

const SELECT_TYPES = `SELECT T.id, T.name, T.version, T.description, T.external_id, T.input_type, T.output_type,
  (SELECT base.name FROM ParentType JOIN Type AS base ON base.id = parent_type_id WHERE type_id = T.id LIMIT 1)
  FROM Type AS T WHERE T.type_kind = ?`;

/** All types of a kind, by id, without their external ids; the system-defined base types only where asked for. */
export async function listTypes<Base extends number>(
  transaction: Transaction,
  kind: TypeKind<Base>,
  options: { readonly systemTypes?: boolean } = {},
) {
  const hidden = options.systemTypes || kind.baseTypes.size === 0 ? [] : HIDDEN_NAMES;
  const rows = await transaction.all(
    `${SELECT_TYPES} AND T.name NOT IN (SELECT value FROM json_each(?)) ORDER BY T.id`,
    kind.code,
    jsonList(hidden),
  );
  const types = await toTypes(transaction, kind, rows);
  return types.map((type) => ({ ...type, externalId: undefined }));
}

/** Hidden in both lists whatever the kind: an execution type that someone calls mlmd.Model is not listed either. */
const HIDDEN_NAMES = [...ARTIFACT_TYPE.baseTypes.keys(), ...EXECUTION_TYPE.baseTypes.keys()];

/** The types of these ids in the order asked for, repetitions included; unknown ids are left out. */
export async function typesById<Base extends number>(
  transaction: Transaction,
  kind: TypeKind<Base>,
  ids: readonly bigint[],
) {
  const rows = await transaction.all(
    `${SELECT_TYPES} AND T.id IN (SELECT value FROM json_each(?))`,
    kind.code,
    jsonList(ids),
  );
  const byId = new Map((await toTypes(transaction, kind, rows)).map((type) => [type.id, type]));
  return ids.map((id) => byId.get(id)).filter((type) => type !== undefined);
}

/** The type of this name and version (none or empty: the one without). NOT_FOUND where there is none. */
export async function typeByName<Base extends number>(
  transaction: Transaction,
  kind: TypeKind<Base>,
  request: { readonly typeName?: string | undefined; readonly typeVersion?: string | undefined },
) {
  const { typeName = '', typeVersion = '' } = request;
  const rows = await transaction.all(
    `${SELECT_TYPES} AND T.name = ? AND T.version IS ? ORDER BY T.id LIMIT 1`,
    kind.code,
    typeName,
    typeVersion === '' ? null : typeVersion,
  );
  const [type] = await toTypes(transaction, kind, rows);
  if (type) return type;
  const version = typeVersion === '' ? 'without a version' : `in version '${typeVersion}'`;
  throw new RegistryError('NOT_FOUND', `There is no ${kind.noun} type '${typeName}' ${version}.`);
}

/** The types of these external ids, by external id, without what is outside the type itself. NOT_FOUND for none. */
export async function typesByExternalIds<Base extends number>(
  transaction: Transaction,
  kind: TypeKind<Base>,
  externalIds: readonly string[],
) {
  if (externalIds.length === 0) return [];
  if (externalIds.includes('')) throw new RegistryError('INVALID_ARGUMENT', 'An external id is empty.');
  const rows = await transaction.all(
    `${SELECT_TYPES} AND T.external_id IN (SELECT value FROM json_each(?)) ORDER BY T.external_id`,
    kind.code,
    jsonList(externalIds),
  );
  if (rows.length === 0) throw new RegistryError('NOT_FOUND', `There is no ${kind.noun} type of these external ids.`);
  const types = await toTypes(transaction, kind, rows);
  return types.map(({ inputType, outputType, ...type }) => ({ ...type, baseType: undefined }));
}

async function toTypes<Base extends number>(
  transaction: Transaction,
  kind: TypeKind<Base>,
  rows: readonly Row[],
): Promise<StoredType<Base>[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(([id]) => toInt(id)).filter((id) => id !== undefined);
  const declared = await transaction.all(
    'SELECT type_id, name, data_type FROM TypeProperty WHERE type_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2',
    jsonList(ids),
  );
  const byType = Map.groupBy(declared, ([typeId]) => toInt(typeId));
  return rows.map(([id, name, version, description, externalId, inputType, outputType, base]) => ({
    id: toInt(id),
    name: toText(name),
    version: toText(version),
    description: toText(description),
    externalId: toText(externalId),
    properties: new Map(
      byType.get(toInt(id))?.map(([, property, type]) => [toText(property) ?? '', toPropertyType(type)]),
    ),
    baseType: kind.baseTypes.get(toText(base) ?? ''),
    ...(kind.code === EXECUTION_TYPE.code && {
      inputType: parseStructType(toText(inputType)),
      outputType: parseStructType(toText(outputType)),
    }),
  }));
}

/** The property type in a `data_type` column; a number that is none of MLMD's is UNKNOWN. */
export function toPropertyType(value: SqlValue | undefined): PropertyType {
  return PROPERTY_TYPES.get(Number(toInt(value))) ?? PropertyType.UNKNOWN;
}

const PROPERTY_TYPES = new Map<number, PropertyType>(Object.values(PropertyType).map((type) => [type, type]));
