import type { Draft } from '../domain/draft.ts';
import { REGISTRY_KINDS, type RegistryKindName, registryKindOf } from '../domain/registry-kinds.ts';
import { isOwnedBy, needsOwner } from '../domain/registry-owner.ts';
import type { Row } from '../domain/row.ts';
import type { Mistakes } from '../domain/user-error.ts';
import type { Work } from './change.ts';
import { NODE_RPCS } from './node-rpcs.ts';

/** A row that has to be there. */
export interface Wanted {
  readonly id: bigint;
  /** One of these, all stored as the same kind of node. */
  readonly kinds: readonly RegistryKindName[];
  /** Hears `NOT_FOUND` where there is no such row. */
  readonly mistakes: Mistakes;
  /** True where {@link Found.parents} are looked at. */
  readonly withParents?: boolean;
}

/** The rows that a draft refers to. */
export function toWanted({ mistakes }: Work, draft: Draft): readonly Wanted[] {
  return draft.references.map(({ id, kind, field }) => {
    const stored = REGISTRY_KINDS[draft.kind].fields[field];
    const withParents = stored?.as === 'id' && stored.ownedBy !== undefined;
    return { id, kinds: [kind], mistakes: mistakes.at(field), withParents };
  });
}

/** A row that was found. */
export interface Found {
  readonly id: bigint;
  readonly kind: RegistryKindName;
  readonly row: Row;
  /** What it is linked to, where a row of its kind needs an owner and they were wanted. */
  readonly parents: readonly Row[];
}

/**
 * The rows, in the order of the list; undefined, and told, where there is none. One call for the rows of
 * each kind of node, and one for the links of each context whose parents are wanted; over an MLMD server one for all
 * contexts that only need to have an owner.
 */
export async function findRows(work: Work, wanted: readonly Wanted[]): Promise<readonly (Found | undefined)[]> {
  const { proven = [], plain = [] } = Object.groupBy(wanted, (each) => (isProven(work, each) ? 'proven' : 'plain'));
  const [rows, owned] = await Promise.all([readRows(work, plain), readOwned(work, proven)]);
  const found = await Promise.all(
    wanted.map((each) => (isProven(work, each) ? toProven(each, owned) : toFound(work, each, rows))),
  );
  // Told when all have come: what is told first must not depend on which was read first.
  for (const [index, { id, kinds, mistakes }] of wanted.entries()) {
    if (found[index]) continue;
    mistakes.add('NOT_FOUND', `There is no ${kinds.map((each) => REGISTRY_KINDS[each].noun).join(' or ')} ${id}.`);
  }
  return found;
}

/** Whether a row is read by a list that asks for its link; a store of our own reads rows and links faster than lists. */
function isProven({ foreign }: Work, { kinds, withParents = false }: Wanted): boolean {
  return foreign && !withParents && kinds.every(needsOwner);
}

/** The contexts among these that are linked to an owner: one list. */
async function readOwned({ rpcs, call }: Work, wanted: readonly Wanted[]): Promise<ReadonlyMap<bigint, Row>> {
  if (wanted.length === 0) return new Map();
  const ids = [...new Set(wanted.map(({ id }) => id))];
  const kinds = [...new Set(wanted.flatMap((each) => each.kinds))];
  const filterQuery = `id IN (${ids.join(', ')}) AND (${kinds.map(ownedCondition).join(' OR ')})`;
  const { contexts } = await rpcs.getContexts({ options: { filterQuery, maxResultSize: ids.length } }, call);
  return new Map(contexts.map((context) => [context.id ?? 0n, context]));
}

/** Behind ifnull, which changes nothing else, the types stay a test of the rows that the ids find: see typeIn. */
function ownedCondition(kind: RegistryKindName): string {
  const { type, owners } = REGISTRY_KINDS[kind];
  const parents = owners.map((owner) => `'${REGISTRY_KINDS[owner].type}'`).join(', ');
  return `(ifnull(type, '') = '${type}' AND ifnull(parent_contexts_p.type, '') IN (${parents}))`;
}

function toProven({ id, kinds }: Wanted, owned: ReadonlyMap<bigint, Row>): Found | undefined {
  const row = owned.get(id);
  const kind = row && registryKindOf(row);
  return row && kind && kinds.includes(kind) ? { id, kind, row, parents: [] } : undefined;
}

async function toFound(work: Work, { id, kinds }: Wanted, rows: ReadonlyMap<string, Row>): Promise<Found | undefined> {
  const [node] = kinds.map((kind) => REGISTRY_KINDS[kind].node);
  const row = rows.get(`${node}:${id}`);
  const kind = row && registryKindOf(row);
  if (!row || !kind || !kinds.includes(kind)) return undefined;
  const parents = needsOwner(kind) ? await readParents(work, row) : [];
  return !needsOwner(kind) || isOwnedBy(kind, parents) ? { id, kind, row, parents } : undefined;
}

async function readRows({ rpcs, call }: Work, wanted: readonly Wanted[]): Promise<Map<string, Row>> {
  const byNode = Map.groupBy(wanted, ({ kinds: [kind = 'RegisteredModel'] }) => REGISTRY_KINDS[kind].node);
  const read = Array.from(byNode, async ([node, those]) => {
    const rows = await NODE_RPCS[node].byIds(rpcs, [...new Set(those.map(({ id }) => id))], call);
    return rows.map((row) => [`${node}:${row.id}`, row] as const);
  });
  return new Map((await Promise.all(read)).flat());
}

/**
 * Whether the row has the owner that it needs. A context that has none was left half-made by a gateway that died: it is
 * as if it was not there, until the next create of its name takes it over.
 */
export async function isLinked(work: Work, kind: RegistryKindName, row: Row): Promise<boolean> {
  return !needsOwner(kind) || isOwnedBy(kind, await readParents(work, row));
}

async function readParents({ rpcs, call }: Work, { id }: Row): Promise<readonly Row[]> {
  return (await rpcs.getParentContextsByContext({ contextId: id }, call)).contexts;
}
