import { loggedNameBounds, toLoggedName } from '../domain/metric-history.ts';
import { type NodeListArguments, type NodeListRequest, toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import type { RegistryPage } from '../domain/page.ts';
import { encodePageToken, type ListPosition, positionAfter } from '../domain/page-token.ts';
import { holds, propertiesIn } from '../domain/registry-filter-check.ts';
import { EXACT, looseDialect } from '../domain/registry-filter-dialect.ts';
import { type Branch, planFilter } from '../domain/registry-filter-plan.ts';
import { parseRegistryFilter } from '../domain/registry-filter-query.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { METRIC_HISTORY_TYPE } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, ListOperationOptions } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { countRows } from './count-rows.ts';

/** Which logged values, and in which order. */
export interface MetricHistoryArguments extends NodeListArguments {
  readonly name?: string | null | undefined;
  readonly steps?: readonly bigint[] | null | undefined;
  readonly filterQuery?: string | null | undefined;
}

/**
 * A page of the values that were logged in a run, or in any. INVALID_ARGUMENT for a bad page size, cursor or filter, and
 * for a filter with an OR between properties, which the store would have to be asked several lists for.
 */
export async function listMetricHistory(
  { store, call }: { readonly store: MetadataStore; readonly call: Call },
  runId: bigint | undefined,
  { name, steps, filterQuery: condition, ...list }: MetricHistoryArguments,
): Promise<RegistryPage<Artifact>> {
  const request = toNodeListRequest(list);
  const { options } = request;
  const size = options.maxResultSize;
  const { text, rest } = planned(condition, store.exactFilters);
  const filterQuery = [...toFilter(store, runId, name, steps), text].filter(Boolean).join(' AND ');
  const bare = { ...call, read: { properties: rest ? propertiesIn(rest) : [] } };
  const ofRun = (contextId: bigint, options: ListOperationOptions) =>
    store.getArtifactsByContext({ contextId, options }, bare);
  const read: Read = async (token) => {
    const read = { ...options, filterQuery, nextPageToken: token };
    return runId === undefined ? store.getArtifacts({ options: read }, bare) : ofRun(runId, read);
  };
  // The bounds let through `loss__2__17…` where `loss` is asked for: rare, and known by its name.
  const fits = (row: Artifact) => (name == null || toLoggedName(row) === name) && (!rest || holds(rest, row));
  const found: Artifact[] = [];
  let token = options.nextPageToken;
  for await (const slice of slicesFrom(read, request, request.position)) {
    found.push(...slice.nodes.filter(fits));
    token = slice.token;
    if (found.length >= size) break;
  }
  const rows = found.slice(0, size);
  const page = toNodePage(request, rows, token ?? (found.length > size ? 'more' : undefined));
  if (!page.hasNextPage && !page.hasPreviousPage) return { ...page, totalCount: rows.length };
  const { groups } = store;
  if (!groups) return page;
  const within = runId === undefined ? {} : { contextId: runId };
  const isDecided = name == null && !rest;
  return {
    ...page,
    count: isDecided
      ? () => groups.count({ node: 'Artifact', filterQuery, ...within }, call)
      : () => countRows(rowsOf(read, request), fits, call),
  };
}

type Read = (
  token: string | undefined,
) => Promise<{ readonly artifacts: readonly Artifact[]; readonly nextPageToken?: string | undefined }>;

/** The rows behind a place, slice by slice; the token leads on. It is our own: the C++ engine's may repeat rows. */
async function* slicesFrom(read: Read, { order }: NodeListRequest, start: ListPosition | undefined) {
  let position = start;
  let token = start && encodePageToken(order, start);
  do {
    const { artifacts: nodes, nextPageToken } = await read(token);
    const isLast = !nextPageToken || nodes.length === 0;
    if (!isLast) position = positionAfter(order, nodes, nodes.length - 1, position);
    token = isLast || !position ? undefined : encodePageToken(order, position);
    yield { nodes, token };
  } while (token);
}

async function* rowsOf(read: Read, request: NodeListRequest): AsyncGenerator<Artifact> {
  for await (const { nodes } of slicesFrom(read, request, undefined)) yield* nodes;
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

function planned(text: string | null | undefined, exact: boolean): Partial<Branch> {
  if (!text) return {};
  const [only, ...others] = planFilter(parseRegistryFilter(['Metric'], text), { exact });
  if (others.length === 0) return only ?? { text: 'id < 0' };
  throw new RegistryError('INVALID_ARGUMENT', "An OR between properties cannot be in 'filterQuery' here.", {
    argument: 'filterQuery',
  });
}
