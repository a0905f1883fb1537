import type DataLoader from 'dataloader';
import { REGISTRY_KINDS, type RegistryKindName, registryKindOf } from '../domain/registry-kinds.ts';
import { isOwnedBy } from '../domain/registry-owner.ts';
import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import type { createFamilyLoaders } from './family.ts';
import { inChunks } from './in-chunks.ts';
import { beginning, idList, listOptions, PAGE, typeIn } from './list-options.ts';
import type { createNodeLoaders } from './nodes.ts';

/** The loaders that these are built on. */
type Below = ReturnType<typeof createNodeLoaders> & Pick<ReturnType<typeof createFamilyLoaders>, 'parentsOfContext'>;

/**
 * Loaders of the registry's rows by MLMD's id for one request; null for a row of another kind. A context that has an
 * owner is there only when it is linked to one: a create that broke off before the link is as if it had not been.
 */
export function createRegisteredLoaders(store: MetadataStore, call: Call, below: Below) {
  const linked = new Map<RegistryKindName, DataLoader<bigint, Context | null>>();

  function linkedOf(kind: RegistryKindName): DataLoader<bigint, Context | null> {
    const known = linked.get(kind);
    if (known) return known;
    const loader = createLinkedLoader(store, call, kind, below);
    linked.set(kind, loader);
    return loader;
  }

  const context = async (kind: RegistryKindName, id: bigint) =>
    REGISTRY_KINDS[kind].owners.length > 0 ? linkedOf(kind).load(id) : ofKind(kind, await below.context.load(id));

  return {
    registered: {
      artifact: async (kind: RegistryKindName, id: bigint) => ofKind(kind, await below.artifact.load(id)),
      execution: async (kind: RegistryKindName, id: bigint) => ofKind(kind, await below.execution.load(id)),
      context,
      /** A context of the kind whose type this is. */
      async contextOfType(type: string, id: bigint) {
        const kind = registryKindOf({ type });
        return kind ? context(kind, id) : null;
      },
      /** Remembers a context that a list of this kind brought. */
      primeContext(kind: RegistryKindName, context: Context) {
        below.context.prime(context);
        if (REGISTRY_KINDS[kind].owners.length > 0) linkedOf(kind).prime(context.id ?? 0n, context);
      },
    },
  };
}

function ofKind<Node extends Artifact | Execution | Context>(kind: RegistryKindName, node: Node | null): Node | null {
  return node?.type === REGISTRY_KINDS[kind].type ? node : null;
}

function createLinkedLoader(store: MetadataStore, call: Call, kind: RegistryKindName, below: Below) {
  const owners = REGISTRY_KINDS[kind].owners.map((owner) => REGISTRY_KINDS[owner].type);
  return createLoader<bigint, Context | null>(call, 'registered rows', async (ids) => {
    if (store.groups) return Promise.all(ids.map((id) => provenByParents(kind, id, below)));
    const found = await inChunks(ids, PAGE, (chunk) => provenByList(store, call, kind, owners, chunk));
    const byId = new Map(found.map((context) => [context.id, context]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** Two calls for all ids of a tick, where the store reads the parents of many. */
async function provenByParents(kind: RegistryKindName, id: bigint, below: Below) {
  const [context, parents] = await Promise.all([below.context.load(id), below.parentsOfContext.load(id)]);
  return isOwnedBy(kind, parents) ? ofKind(kind, context) : null;
}

/** One call for a hundred ids: the list itself asks for the link. */
async function provenByList(
  store: MetadataStore,
  call: Call,
  kind: RegistryKindName,
  owners: readonly string[],
  ids: readonly bigint[],
) {
  const conditions = [
    `id IN (${idList(ids)})`,
    ...typeIn([REGISTRY_KINDS[kind].type]),
    ...typeIn(owners, 'parent_contexts_p.type'),
  ];
  const options = listOptions(conditions, PAGE, beginning(0n, false));
  return (await store.getContexts({ options }, { ...call, read: { properties: [] } })).contexts;
}
