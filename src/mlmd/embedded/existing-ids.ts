import { jsonList, type Transaction, toInt } from './transaction.ts';
import type { WriteKind } from './write-kinds.ts';

/** Those of the ids that nodes of this kind have. */
export async function existingIds(
  transaction: Transaction,
  kind: WriteKind,
  ids: Iterable<bigint | undefined>,
): Promise<ReadonlySet<bigint | undefined>> {
  const wanted = [...new Set(ids)].filter((id) => id !== undefined);
  if (wanted.length === 0) return new Set();
  const rows = await transaction.all(kind.existing, jsonList(wanted));
  return new Set(rows.map(([id]) => toInt(id)));
}
