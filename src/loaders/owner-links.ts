import { REGISTRY_KINDS, registryKindOf } from '../domain/registry-kinds.ts';
import { toOwnerId } from '../domain/registry-names.ts';
import type { Context } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import type { createFamilyLoaders } from './family.ts';
import { inChunks } from './in-chunks.ts';
import { beginning, idList, listOptions, PAGE, typeIn } from './list-options.ts';

/** Tells which contexts own a context of the registry. */
export interface OwnerLinks {
  /** The ids of all parents of a context that is linked to one at least. */
  parentIds(context: Context): Promise<readonly bigint[]>;
  /** Those of these ids that are parents of a context which is the child of one at least. */
  ownersAmong(ids: ReadonlySet<bigint>, child: Context): Promise<readonly bigint[]>;
  /** Remembers the owner of a context that was linked to it just now, and to nothing else. */
  prime(id: bigint, ownerId: bigint): void;
}

/**
 * Loaders of links for one request. Over a store that reads parents one by one, the owner that a name begins with is a
 * hint: one list for 100 rows tells of which of them it is not true, and only the parents of those are read.
 */
export function createOwnerLinks(
  store: MetadataStore,
  call: Call,
  { parentsOfContext }: Pick<ReturnType<typeof createFamilyLoaders>, 'parentsOfContext'>,
): OwnerLinks {
  const bare = { ...call, read: { properties: [] } };
  const list = async (...conditions: string[]) => {
    const options = listOptions(conditions, PAGE, beginning(0n, false));
    return store.getContexts({ options }, bare);
  };
  const read = async (id: bigint) => (await parentsOfContext.load(id)).map(idOf);

  const hinted = createLoader<Context, readonly bigint[], bigint>(
    call,
    'owners',
    async (contexts) => {
      const others = await inChunks(contexts, PAGE, async (chunk) => (await list(...otherParents(chunk))).contexts);
      const ids = new Set(others.map(idOf));
      return Promise.all(
        contexts.map((context) => {
          const owner = hintOf(context);
          return owner === undefined || ids.has(idOf(context)) ? read(idOf(context)) : [owner];
        }),
      );
    },
    { cacheKeyFn: idOf },
  );
  const made = new Map<bigint, readonly bigint[]>();
  const parentIds = async (context: Context) =>
    made.get(idOf(context)) ??
    (store.groups || hintOf(context) === undefined ? read(idOf(context)) : hinted.load(context));

  /** By the id of an owner: the children of it, and of others, that are named as another's. Undefined for too many. */
  const misnamed = createLoader<bigint, ReadonlySet<bigint> | undefined>(call, 'misnamed children', async (owners) =>
    inChunks(owners, PAGE, async (chunk) => {
      const { contexts, nextPageToken } = await list(...typeIn(OWNED), misnamedOf(chunk));
      const ids = nextPageToken ? undefined : new Set(contexts.map(idOf));
      return chunk.map(() => ids);
    }),
  );

  return {
    parentIds,
    prime: (id, ownerId) => void made.set(id, [ownerId]),
    async ownersAmong(ids, child) {
      const hint = hintOf(child);
      const sets = await Promise.all(Array.from(ids, (id) => misnamed.load(id)));
      const isSo = hint !== undefined && ids.has(hint) && sets.every((set) => set && !set.has(idOf(child)));
      return isSo ? [hint] : parentIds(child);
    },
  };
}

/** The types of contexts that have an owner. */
const OWNED = Object.values(REGISTRY_KINDS).flatMap(({ node, owners, type }) =>
  node === 'Context' && owners.length > 0 ? [type] : [],
);

function idOf({ id = 0n }: Context): bigint {
  return id;
}

function hintOf(context: Context): bigint | undefined {
  const kind = registryKindOf(context);
  return kind && toOwnerId(kind, context.name);
}

/** The conditions of those contexts that have a parent other than the one which their name begins with. */
function otherParents(contexts: readonly Context[]): readonly string[] {
  const alike = [...Map.groupBy(contexts, hintOf)].map(
    ([owner, those]) => `(id IN (${idList(those.map(idOf))}) AND parent_contexts_p.id != ${owner})`,
  );
  return [`id IN (${idList(contexts.map(idOf))})`, `(${alike.join(' OR ')})`];
}

/** The condition of the children of these owners whose name does not begin with the owner's id. */
function misnamedOf(owners: readonly bigint[]): string {
  // `;` is the character behind `:`.
  const each = owners.map((id) => `(parent_contexts_p.id = ${id} AND (name < '${id}:' OR name >= '${id};'))`);
  return `parent_contexts_p.id IN (${idList(owners)}) AND (${each.join(' OR ')})`;
}
