import { loggedNameBounds, toLoggedName } from '../domain/metric-history.ts';
import { type NodeListArguments, toNodeListRequest, toNodePage } from '../domain/node-list.ts';
import type { RegistryPage } from '../domain/page.ts';
import { encodePageToken, positionAfter } from '../domain/page-token.ts';
import { quotedText } from '../domain/registry-filter-quote.ts';
import { METRIC_HISTORY_TYPE } from '../domain/registry-kinds.ts';
import type { Artifact } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';

/** Which logged values, and in which order. */
export interface MetricHistoryArguments extends NodeListArguments {
  readonly name?: string | null | undefined;
  readonly steps?: readonly bigint[] | null | undefined;
}

/** A page of the values that were logged in a run. INVALID_ARGUMENT for a bad page size or cursor. */
export async function listMetricHistory(
  { store, call }: { readonly store: MetadataStore; readonly call: Call },
  runId: bigint,
  { name, steps, ...list }: MetricHistoryArguments,
): Promise<RegistryPage<Artifact>> {
  const request = toNodeListRequest(list);
  const { order, options } = request;
  const size = options.maxResultSize;
  const filterQuery = toFilter(runId, name, steps);
  const bare = { ...call, read: { properties: [] } };
  const found: Artifact[] = [];
  let token = options.nextPageToken;
  let position = request.position;
  do {
    const read = { ...options, filterQuery, nextPageToken: token };
    const page = await store.getArtifactsByContext({ contextId: runId, options: read }, bare);
    // The bounds let through `loss__2__17…` where `loss` is asked for: rare, and known by its name.
    found.push(...page.artifacts.filter((row) => name == null || toLoggedName(row) === name));
    if (!page.nextPageToken || page.artifacts.length === 0) token = undefined;
    else {
      position = positionAfter(order, page.artifacts, page.artifacts.length - 1, position);
      token = encodePageToken(order, position);
    }
  } while (token && found.length < size);
  const rows = found.slice(0, size);
  const result = toNodePage(request, rows, token ?? (found.length > size ? 'more' : undefined));
  return result.hasNextPage || result.hasPreviousPage ? result : { ...result, totalCount: rows.length };
}

function toFilter(runId: bigint, name: string | null | undefined, steps: readonly bigint[] | null | undefined): string {
  const { from, below } = loggedNameBounds(runId, name ?? '');
  return [
    `type = '${METRIC_HISTORY_TYPE}'`,
    ...(name == null ? [] : [`name >= ${quotedText(from)}`, `name < ${quotedText(below)}`]),
    ...(steps ? [steps.length > 0 ? `properties.step.int_value IN (${steps.join(', ')})` : 'FALSE'] : []),
  ].join(' AND ');
}
