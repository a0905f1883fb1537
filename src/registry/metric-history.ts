import { loggedNameBounds, toLoggedName } from '../domain/metric-history.ts';
import { type NodeListArguments, toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import type { RegistryPage } from '../domain/page.ts';
import { encodePageToken, positionAfter } from '../domain/page-token.ts';
import { holds, propertiesIn } from '../domain/registry-filter-check.ts';
import { EXACT, looseDialect } from '../domain/registry-filter-dialect.ts';
import { type Branch, planFilter } from '../domain/registry-filter-plan.ts';
import { parseRegistryFilter } from '../domain/registry-filter-query.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { METRIC_HISTORY_TYPE } from '../domain/registry-kinds.ts';
import { RegistryError } from '../errors.ts';
import type { Artifact, ListOperationOptions } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';

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
  const { order, options } = request;
  const size = options.maxResultSize;
  const { text, rest } = planned(condition, store.exactFilters);
  const filterQuery = [...toFilter(store, runId, name, steps), text].filter(Boolean).join(' AND ');
  const bare = { ...call, read: { properties: rest ? propertiesIn(rest) : [] } };
  const ofRun = (contextId: bigint, options: ListOperationOptions) =>
    store.getArtifactsByContext({ contextId, options }, bare);
  const found: Artifact[] = [];
  let token = options.nextPageToken;
  let position = request.position;
  do {
    const read = { ...options, filterQuery, nextPageToken: token };
    const list = runId === undefined ? store.getArtifacts({ options: read }, bare) : ofRun(runId, read);
    const { artifacts: nodes, nextPageToken } = await list;
    // The bounds let through `loss__2__17…` where `loss` is asked for: rare, and known by its name.
    const named = nodes.filter((row) => name == null || toLoggedName(row) === name);
    found.push(...named.filter((row) => !rest || holds(rest, row)));
    if (!nextPageToken || nodes.length === 0) token = undefined;
    else {
      position = positionAfter(order, nodes, nodes.length - 1, position);
      token = encodePageToken(order, position);
    }
  } while (token && found.length < size);
  const rows = found.slice(0, size);
  const result = toNodePage(request, rows, token ?? (found.length > size ? 'more' : undefined));
  return result.hasNextPage || result.hasPreviousPage ? result : { ...result, totalCount: rows.length };
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
