import { inParallel } from '../domain/in-parallel.ts';
import { RegistryError } from '../errors.ts';
import type { Context } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import { CHUNK, inChunks } from './in-chunks.ts';

/** Stores that were seen to lack the plural RPCs, as Google's C++ server does: they are not asked again. */
const withoutPlural = new WeakSet<MetadataStore>();

/** Contexts, each with its relatives. */
type Relatives = Iterable<readonly [bigint, readonly Context[]]>;

/** Loaders of the parents and the children of contexts, by ascending id, for one request. */
export function createFamilyLoaders(store: MetadataStore, call: Call) {
  const bare = { ...call, read: { properties: [] } };
  return {
    parentsOfContext: createRelativesLoader(
      store,
      call,
      async (contextIds) => {
        const { contexts } = await store.getParentContextsByContexts({ contextIds }, bare);
        return new Map([...contexts].map(([id, { parentContexts }]) => [id, parentContexts]));
      },
      async (contextId) => (await store.getParentContextsByContext({ contextId }, bare)).contexts,
    ),
    childrenOfContext: createRelativesLoader(
      store,
      call,
      async (contextIds) => {
        const { contexts } = await store.getChildrenContextsByContexts({ contextIds }, bare);
        return new Map([...contexts].map(([id, { childrenContexts }]) => [id, childrenContexts]));
      },
      async (contextId) => (await store.getChildrenContextsByContext({ contextId }, bare)).contexts,
    ),
  };
}

function createRelativesLoader(
  store: MetadataStore,
  call: Call,
  plural: (ids: bigint[]) => Promise<Relatives>,
  singular: (id: bigint) => Promise<readonly Context[]>,
) {
  return createLoader<bigint, readonly Context[]>(call, 'relatives', async (ids) => {
    const inBulk = () => inChunks(ids, CHUNK, async (chunk) => [...(await plural(chunk))]);
    const relatives = new Map((await pluralIfAnswered(store, inBulk)) ?? (await oneByOne(ids, singular)));
    return ids.map((id) => [...(relatives.get(id) ?? [])].sort(byId));
  });
}

async function pluralIfAnswered(
  store: MetadataStore,
  plural: () => Promise<Relatives>,
): Promise<Relatives | undefined> {
  if (withoutPlural.has(store)) return undefined;
  try {
    return await plural();
  } catch (error) {
    if (!(error instanceof RegistryError && error.code === 'UNIMPLEMENTED')) throw error;
    withoutPlural.add(store);
    return undefined;
  }
}

async function oneByOne(
  ids: readonly bigint[],
  singular: (id: bigint) => Promise<readonly Context[]>,
): Promise<Relatives> {
  return inParallel(ids, async (id) => [id, await singular(id)] as const);
}

function byId(a: Context, b: Context): number {
  return (a.id ?? 0n) < (b.id ?? 0n) ? -1 : 1;
}
