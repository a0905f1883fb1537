import { type NodeListRequest, toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import type { OrderArgument, PageArguments, RegistryPage } from '../domain/page.ts';
import { encodePageToken } from '../domain/page-token.ts';
import type { RegistryRow } from '../domain/registry-fields.ts';
import { all } from '../domain/registry-filter.ts';
import { propertiesIn } from '../domain/registry-filter-check.ts';
import { type Branch, planFilter } from '../domain/registry-filter-plan.ts';
import { parseRegistryFilter } from '../domain/registry-filter-query.ts';
import { toWhereCondition } from '../domain/registry-filter-where.ts';
import type { RegistryKindName } from '../domain/registry-kinds.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { type NodeSlice, readNodes } from './node-lists.ts';
import { countScanned, scannedPage } from './scanned-page.ts';
import { type ListScope, toListScope, type Within } from './scope.ts';
import { asOfWhere, refusalOf } from './store-refusal.ts';

/** The arguments of a list of the registry. */
export interface RegistryListArguments extends PageArguments {
  readonly orderBy?: OrderArgument<'ID' | 'CREATE_TIME' | 'LAST_UPDATE_TIME'> | null | undefined;
  /** The GraphQL input `…Where` of the kind. */
  readonly where?: object | null | undefined;
  /** In the REST grammar or MLMD's. */
  readonly filterQuery?: string | null | undefined;
}

/** Where a list is read, and until when. */
interface Source {
  readonly store: MetadataStore;
  readonly call: Call;
}

/**
 * One page of the rows of these kinds, all of one node. Where the store can leave properties out, the rows have no more
 * than was looked at. INVALID_ARGUMENT for a bad filter, page size or cursor.
 */
export async function listRegistry<Node extends RegistryRow>(
  source: Source,
  kinds: readonly RegistryKindName[],
  { where, filterQuery, ...list }: RegistryListArguments,
  within?: Within,
): Promise<RegistryPage<Node>> {
  const request = toNodeListRequest(list);
  const condition = all([
    ...(where ? [toWhereCondition(kinds, where)] : []),
    ...(filterQuery ? [parseRegistryFilter(kinds, filterQuery)] : []),
  ]);
  try {
    const branches = planFilter(condition, { exact: source.store.exactFilters });
    const page = await readPage(source, toListScope(kinds, within), request, branches);
    // Each kind's node is known, and all kinds of a list are of one.
    return page as RegistryPage<Node>;
  } catch (error) {
    throw filterQuery ? error : asOfWhere(error);
  }
}

async function readPage(
  source: Source,
  scope: ListScope,
  request: NodeListRequest,
  branches: readonly Branch[],
): Promise<RegistryPage<RegistryRow>> {
  const [only] = branches;
  if (only && branches.length === 1 && !only.rest) return storePage(source, scope, request, only);
  const lists = branches.map((branch) => ({
    key: branch,
    read: (position: NodeListRequest['position']) => readSlice(source, scope, { ...request, position }, branch),
  }));
  const page = withTotal(await scannedPage(request, lists));
  return { ...page, ...(source.store.groups && { count: () => countScanned(request, lists, source.call) }) };
}

/** The page of a list of which the store decides everything. */
async function storePage(source: Source, scope: ListScope, request: NodeListRequest, branch: Branch) {
  const { nodes, nextPageToken } = await readSlice(source, scope, request, branch);
  const page = withTotal(toNodePage(request, nodes, nextPageToken));
  const { groups } = source.store;
  const filterQuery = filterOf(scope, branch);
  const counted = { ...scope.list, ...(filterQuery !== undefined && { filterQuery }) };
  return { ...page, ...(groups && { count: () => groups.count(counted, source.call) }) };
}

/** The number of rows is known where the first page is the whole list. */
function withTotal(page: RegistryPage<RegistryRow>): RegistryPage<RegistryRow> {
  return page.hasNextPage || page.hasPreviousPage ? page : { ...page, totalCount: page.rows.length };
}

/** Rows in one call, where most of them may not pass. */
const SLICE = 100;

async function readSlice(
  { store, call }: Source,
  scope: ListScope,
  { options, order, position }: NodeListRequest,
  branch: Branch,
): Promise<NodeSlice> {
  const filterQuery = filterOf(scope, branch);
  const slice = {
    ...options,
    maxResultSize: branch.rest ? SLICE : options.maxResultSize,
    nextPageToken: position && encodePageToken(order, position),
    filterQuery,
  };
  const properties = branch.rest ? propertiesIn(branch.rest) : [];
  try {
    return await readNodes(store, scope.list, slice, { ...call, read: { properties } });
  } catch (error) {
    throw refusalOf(error, filterQuery ?? '', branch);
  }
}

function filterOf({ conditions }: ListScope, { text }: Branch): string | undefined {
  return [...conditions, text].filter(Boolean).join(' AND ') || undefined;
}
