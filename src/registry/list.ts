import { toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import type { OrderArgument, PageArguments, RegistryPage } from '../domain/page.ts';
import type { RegistryKindName } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { type AnyNode, readNodes } from './node-lists.ts';
import { toListScope, type Within } from './scope.ts';

/** The arguments of a list of the registry. */
export interface RegistryListArguments extends PageArguments {
  readonly orderBy?: OrderArgument<'ID' | 'CREATE_TIME' | 'LAST_UPDATE_TIME'> | null | undefined;
  /** The GraphQL input `…Where` of the kind. */
  readonly where?: object | null | undefined;
  /** In the REST grammar or MLMD's. */
  readonly filterQuery?: string | null | undefined;
}

/**
 * One page of the rows of these kinds, all of one node, without their properties where the store can leave them out.
 * INVALID_ARGUMENT for a bad filter, page size or cursor.
 */
export async function listRegistry<Node extends AnyNode>(
  { store, call }: { readonly store: MetadataStore; readonly call: Call },
  kinds: readonly RegistryKindName[],
  { where, filterQuery, ...list }: RegistryListArguments,
  within?: Within,
): Promise<RegistryPage<Node>> {
  if (where || filterQuery) throw new RegistryError('UNIMPLEMENTED', 'Filters of the registry are being built.');
  const request = toNodeListRequest(list);
  const scope = toListScope(kinds, within);
  const filter = scope.conditions.join(' AND ') || undefined;
  const options = { ...request.options, filterQuery: filter };
  const { nodes, nextPageToken } = await readNodes(store, scope.list, options, { ...call, read: { properties: [] } });
  const page = toNodePage(request, nodes as readonly Node[], nextPageToken);
  const { groups } = store;
  return {
    ...page,
    ...(page.hasNextPage || page.hasPreviousPage ? {} : { totalCount: nodes.length }),
    ...(groups && { count: () => groups.count({ ...scope.list, ...(filter && { filterQuery: filter }) }, call) }),
  };
}
