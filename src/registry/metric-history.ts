import { loggedNameBounds, toLoggedName } from '../domain/metric-history.ts';
import { type NodeListArguments, type NodeListRequest, toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import type { Page, RegistryPage } from '../domain/page.ts';
import { encodePageToken, positionAfter } from '../domain/page-token.ts';
import { propertiesIn } from '../domain/registry-filter-check.ts';
import { EXACT, looseDialect } from '../domain/registry-filter-dialect.ts';
import { type Branch, planFilter } from '../domain/registry-filter-plan.ts';
import { parseRegistryFilter } from '../domain/registry-filter-query.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { METRIC_HISTORY_TYPE } from '../domain/registry-kinds.ts';
import type { Artifact } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, CountedList, MetadataStore } from '../mlmd/store.ts';
import { countRows } from './count-rows.ts';
import { type MergedRow, mergeLists, type SlicedList } from './merged-list.ts';
import { readNodes } from './node-lists.ts';
import { passes } from './scanned-page.ts';
import { refusalOf } from './store-refusal.ts';

/** Which logged values, and in which order. */
export interface MetricHistoryArguments extends NodeListArguments {
  readonly name?: string | null | undefined;
  readonly steps?: readonly bigint[] | null | undefined;
  readonly filterQuery?: string | null | undefined;
}

/** A page of the values that were logged in a run, or in any. INVALID_ARGUMENT for a bad page size, cursor or filter. */
export async function listMetricHistory(
  source: Source,
  runId: bigint | undefined,
  { name, steps, filterQuery: condition, ...list }: MetricHistoryArguments,
): Promise<RegistryPage<Artifact>> {
  const { store, call } = source;
  const request = toNodeListRequest(list);
  const bounds = toFilter(store, runId, name, steps);
  const lists = branchesOf(condition, store.exactFilters).map((branch) =>
    toLoggedList(source, runId, bounds, branch, request),
  );
  // The bounds let through `loss__2__17…` where `loss` is asked for: rare, and known by its name.
  const fits: Fits = (row) => (name == null || toLoggedName(row[0].node) === name) && passes(row);
  const [only] = lists;
  const isOne = only && lists.length === 1;
  const page = isOne ? await slicedPage(request, only, fits) : await mergedPage(request, lists, fits);
  if (!page.hasNextPage && !page.hasPreviousPage) return { ...page, totalCount: page.rows.length };
  const { groups } = store;
  if (!groups) return page;
  const counted = isOne && name == null && !only.key.rest ? only.counted : undefined;
  return {
    ...page,
    count: counted
      ? () => groups.count(counted, call)
      : () => countRows(mergeLists(request.order, undefined, lists), fits, call),
  };
}

interface Source {
  readonly store: MetadataStore;
  readonly call: Call;
}

/** A list of the store's that has logged values. */
interface LoggedList extends SlicedList<Branch> {
  readonly counted: CountedList;
}

type Fits = (row: MergedRow<Branch>) => boolean;

/** All values; none where nothing is asked for that could be. */
function branchesOf(text: string | null | undefined, exact: boolean): readonly Branch[] {
  if (!text) return [{ text: '', storeOnly: [] }];
  const branches = planFilter(parseRegistryFilter(['Metric'], text), { exact });
  return branches.length > 0 ? branches : [{ text: 'id < 0', storeOnly: [] }];
}

function toLoggedList(
  { store, call }: Source,
  contextId: bigint | undefined,
  bounds: readonly string[],
  branch: Branch,
  { options, order }: NodeListRequest,
): LoggedList {
  const filterQuery = [...bounds, branch.text].filter(Boolean).join(' AND ');
  const list = { node: 'Artifact' as const, ...(contextId !== undefined && { contextId }) };
  const bare = { ...call, read: { properties: branch.rest ? propertiesIn(branch.rest) : [] } };
  return {
    key: branch,
    counted: { ...list, filterQuery },
    async read(position) {
      const nextPageToken = position && encodePageToken(order, position);
      try {
        return await readNodes(store, list, { ...options, filterQuery, nextPageToken }, bare);
      } catch (error) {
        throw refusalOf(error, filterQuery, branch);
      }
    },
  };
}

/** Slices as long as a page: one call where all of their rows fit. */
async function slicedPage(request: NodeListRequest, list: LoggedList, fits: Fits): Promise<Page<Artifact>> {
  const { order, options } = request;
  const size = options.maxResultSize;
  const found: Artifact[] = [];
  let { position } = request;
  let more = true;
  while (more && found.length < size) {
    const { nodes, nextPageToken } = await list.read(position);
    found.push(...nodes.filter((node) => fits([{ key: list.key, node }])));
    more = Boolean(nextPageToken) && nodes.length > 0;
    // Our own place: that of the C++ engine may repeat rows.
    position = more ? positionAfter(order, nodes, nodes.length - 1, position) : position;
  }
  return toNodePage(request, found.slice(0, size), more || found.length > size ? 'more' : undefined);
}

/** Of several lists, one row after the other. */
async function mergedPage(request: NodeListRequest, lists: readonly LoggedList[], fits: Fits): Promise<Page<Artifact>> {
  const rows: Artifact[] = [];
  for await (const row of mergeLists(request.order, request.position, lists)) {
    if (!fits(row)) continue;
    if (rows.length >= request.options.maxResultSize) return toNodePage(request, rows, 'more');
    rows.push(row[0].node);
  }
  return toNodePage(request, rows, undefined);
}

function toFilter(
  store: MetadataStore,
  runId: bigint | undefined,
  name: string | null | undefined,
  steps: readonly bigint[] | null | undefined,
): string[] {
  return [
    `type = '${METRIC_HISTORY_TYPE}'`,
    ...(name == null ? [] : nameConditions(store, runId, name)),
    ...(steps ? [steps.length > 0 ? `properties.step.int_value IN (${steps.join(', ')})` : 'id < 0'] : []),
  ];
}

/** None for a name that filters of the store do not take for what it is: all logged values are looked at then. */
function nameConditions(store: MetadataStore, runId: bigint | undefined, name: string): string[] {
  const { hasText } = store.exactFilters ? EXACT : looseDialect([]);
  if (runId === undefined) return hasText(name) ? [`name LIKE ${quotedText(`%:${name}__%`)}`] : [];
  const { from, below } = loggedNameBounds(runId, name);
  return hasText(from) && hasText(below) ? [`name >= ${quotedText(from)}`, `name < ${quotedText(below)}`] : [];
}
