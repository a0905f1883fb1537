import type { RpcName } from '../../../src/mlmd/store.ts';
import { STORED_TIME } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { LAST_TOKEN } from './reads.ts';
import type { Step } from './step.ts';

/** One of the two stores, for what a request needs from it. */
export interface Side {
  readonly call: (rpc: RpcName, request: object) => Promise<Outcome>;
  /** What it answered to each step, undefined for an error. */
  readonly answers: unknown[];
  /** The last page that each RPC gave, and what it was asked for. */
  readonly tokens: Map<RpcName, { readonly options: unknown; readonly token: string }>;
}

/** The request with this store's own times and tokens in the places left for them. */
export async function resolve(side: Side, { rpc, request, fill }: Step): Promise<object> {
  if (fill) return fill(side.answers);
  if ('artifacts' in request && rpc === 'putArtifacts') return withTimes(side, request);
  if (!('options' in request) || !isObject(request.options)) return request;
  const { options } = request;
  if (options['nextPageToken'] !== LAST_TOKEN) return request;
  const { token = '', options: last } = side.tokens.get(rpc) ?? {};
  // Mostly the order of the page before, else the token is of another list.
  const order = isObject(last) && !('orderByField' in options) ? { orderByField: last['orderByField'] } : {};
  return { ...request, options: { ...options, ...order, nextPageToken: token } };
}

async function withTimes(side: Side, request: object & { readonly artifacts: unknown }): Promise<object> {
  const given = Array.isArray(request.artifacts) ? request.artifacts.filter(isObject) : [];
  if (!given.some((artifact) => artifact['lastUpdateTimeSinceEpoch'] === STORED_TIME)) return request;
  const { answer } = await side.call('getArtifactsById', { artifactIds: given.map(({ id }) => id ?? 0n) });
  const stored = isObject(answer) && Array.isArray(answer['artifacts']) ? answer['artifacts'].filter(isObject) : [];
  const times = new Map(stored.map((artifact) => [artifact['id'], artifact['lastUpdateTimeSinceEpoch']]));
  return {
    ...request,
    artifacts: given.map((artifact) => ({
      ...artifact,
      lastUpdateTimeSinceEpoch:
        artifact['lastUpdateTimeSinceEpoch'] === STORED_TIME
          ? times.get(artifact['id'])
          : artifact['lastUpdateTimeSinceEpoch'],
    })),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
