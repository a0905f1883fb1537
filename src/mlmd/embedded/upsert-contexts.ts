import { RegistryError } from '../../errors.ts';
import type { Context } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { existingIds } from './existing-ids.ts';
import { type Transaction, toInt } from './transaction.ts';
import { upsertNodes } from './upsert-nodes.ts';
import { CONTEXTS } from './write-kinds.ts';

/** What becomes of contexts that are stored already. */
interface ReuseOptions {
  /** A context without an id is the stored one of its type and name. */
  readonly reuseContextIfAlreadyExist?: boolean | undefined;
  /** A context with an id stays as it is stored. */
  readonly forceReuseContext?: boolean | undefined;
}

/**
 * Creates, updates or finds contexts that come together with other nodes, one after the other; gives their ids. Besides
 * what {@link upsertNodes} throws: NOT_FOUND for no context to reuse, ABORTED where one that may be reused conflicts.
 */
export async function upsertContexts(
  transaction: Transaction,
  contexts: readonly Context[],
  options: ReuseOptions,
): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (const context of contexts) ids.push(await upsertContext(transaction, context, options));
  return ids;
}

async function upsertContext(transaction: Transaction, context: Context, options: ReuseOptions): Promise<bigint> {
  if (context.id !== undefined && options.forceReuseContext) return reuseById(transaction, context.id);
  const { typeId, name } = context;
  if (typeId === undefined) throw new RegistryError('INVALID_ARGUMENT', 'A context has no type_id.');
  if (name === undefined) throw new RegistryError('INVALID_ARGUMENT', 'A context has to have a name.');
  const reuse = options.reuseContextIfAlreadyExist === true && context.id === undefined;
  if (reuse) {
    const [row] = await transaction.all('SELECT id FROM Context WHERE type_id = ? AND name = ?', typeId, name);
    const id = toInt(row?.[0]);
    if (id !== undefined) return id;
  }
  const [id = 0n] = await asConflict(reuse, upsertNodes(transaction, CONTEXTS, [context]));
  return id;
}

async function reuseById(transaction: Transaction, id: bigint): Promise<bigint> {
  const known = await existingIds(transaction, CONTEXTS, [id]);
  if (!known.has(id)) throw new RegistryError('NOT_FOUND', `There is no context ${id}.`);
  return id;
}

/** Where a context may be reused the C++ engine answers ABORTED if it cannot be made, so that clients try again. */
async function asConflict<T>(reuse: boolean, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!reuse || !(error instanceof RegistryError) || error.code !== 'ALREADY_EXISTS') throw error;
    throw new RegistryError('ABORTED', error.message, { cause: error });
  }
}
