import { RegistryError } from '../../errors.ts';

import { type Transaction, toInt, toText } from './transaction.ts';
import type { TypeKind } from './type-kinds.ts';

/**
 * Gives a type a base type where it has none. UNIMPLEMENTED (as the C++ engine) where it has another one or is to lose
 * it; INVALID_ARGUMENT for an unknown one and for a cycle.
 */
export async function setBaseType(
  transaction: Transaction,
  kind: TypeKind,
  id: bigint,
  baseType: number | undefined,
): Promise<void> {
  if (baseType === undefined) return;
  if (baseType === 0) throw new RegistryError('UNIMPLEMENTED', 'A base type cannot be taken away.');
  const [baseName] = [...kind.baseTypes].find(([, value]) => value === baseType) ?? [];
  if (baseName === undefined) {
    throw new RegistryError('INVALID_ARGUMENT', `There is no base type ${baseType} of ${kind.noun} types.`);
  }
  const [current] = await transaction.all(
    'SELECT base.name FROM ParentType JOIN Type AS base ON base.id = parent_type_id WHERE type_id = ? LIMIT 1',
    id,
  );
  if (current === undefined) return addBaseType(transaction, kind, id, baseName);
  if (toText(current[0]) !== baseName) throw new RegistryError('UNIMPLEMENTED', 'A base type cannot be changed.');
}

async function addBaseType(transaction: Transaction, kind: TypeKind, id: bigint, baseName: string): Promise<void> {
  const [base] = await transaction.all(
    'SELECT id FROM Type WHERE type_kind = ? AND name = ? AND version IS NULL ORDER BY id LIMIT 1',
    kind.code,
    baseName,
  );
  const baseId = toInt(base?.[0]);
  if (baseId === undefined) throw new RegistryError('NOT_FOUND', `The store has no type '${baseName}'.`);
  const cycle = await transaction.all(
    `WITH RECURSIVE ancestor (id) AS (
       SELECT ? UNION SELECT parent_type_id FROM ParentType JOIN ancestor ON type_id = ancestor.id
     ) SELECT 1 FROM ancestor WHERE id = ?`,
    baseId,
    id,
  );
  if (cycle.length > 0) throw new RegistryError('INVALID_ARGUMENT', 'A type cannot be its own base type.');
  await transaction.run('INSERT INTO ParentType (type_id, parent_type_id) VALUES (?, ?)', id, baseId);
}
