import type { Transaction } from './transaction.ts';

/** A context and its member: the artifact of an attribution or the execution of an association. */
export type ContextLink = readonly [contextId: bigint, memberId: bigint];

/** Adds the attributions that are not there yet. */
export function insertAttributions(transaction: Transaction, links: readonly ContextLink[]): Promise<void> {
  return insertLinks(transaction, INSERT_ATTRIBUTIONS, links);
}

/** Adds the associations that are not there yet. */
export function insertAssociations(transaction: Transaction, links: readonly ContextLink[]): Promise<void> {
  return insertLinks(transaction, INSERT_ASSOCIATIONS, links);
}

// Not INSERT OR IGNORE: that would use up an id for each link that is there already, which the C++ engine does not.
const INSERT_ATTRIBUTIONS = `INSERT INTO Attribution (context_id, artifact_id)
  SELECT value ->> 0, value ->> 1 FROM json_each(?) AS link WHERE NOT EXISTS (
    SELECT 1 FROM Attribution WHERE context_id = link.value ->> 0 AND artifact_id = link.value ->> 1
  ) ORDER BY link.key`;

const INSERT_ASSOCIATIONS = `INSERT INTO Association (context_id, execution_id)
  SELECT value ->> 0, value ->> 1 FROM json_each(?) AS link WHERE NOT EXISTS (
    SELECT 1 FROM Association WHERE context_id = link.value ->> 0 AND execution_id = link.value ->> 1
  ) ORDER BY link.key`;

async function insertLinks(transaction: Transaction, sql: string, links: readonly ContextLink[]): Promise<void> {
  if (links.length === 0) return;
  const distinct = new Set(links.map(([contextId, memberId]) => `[${contextId},${memberId}]`));
  await transaction.run(sql, `[${[...distinct].join(',')}]`);
}
