import type { PropertyType } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { toPropertyType } from './stored-types.ts';
import { jsonList, type Transaction, toInt, toText } from './transaction.ts';
import type { TypeKind } from './type-kinds.ts';

/** The property types that a node's type declares, by name. */
export type DeclaredProperties = ReadonlyMap<string, PropertyType>;

/** The declared properties of these types, by id; a type that does not exist or is of another kind is missing. */
export async function declaredProperties(
  transaction: Transaction,
  kind: TypeKind,
  typeIds: Iterable<bigint | undefined>,
): Promise<ReadonlyMap<bigint, DeclaredProperties>> {
  const ids = [...new Set(typeIds)].filter((id) => id !== undefined);
  if (ids.length === 0) return new Map();
  const rows = await transaction.all(
    `SELECT T.id, P.name, P.data_type FROM Type AS T LEFT JOIN TypeProperty AS P ON P.type_id = T.id
     WHERE T.id IN (SELECT value FROM json_each(?)) AND T.type_kind = ?`,
    jsonList(ids),
    kind.code,
  );
  const declared = new Map<bigint, Map<string, PropertyType>>();
  for (const [idColumn, name, type] of rows) {
    const id = toInt(idColumn) ?? 0n;
    const properties = declared.get(id) ?? new Map<string, PropertyType>();
    declared.set(id, properties);
    if (name !== null) properties.set(toText(name) ?? '', toPropertyType(type));
  }
  return declared;
}
