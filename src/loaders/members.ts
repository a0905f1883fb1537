import DataLoader from 'dataloader';

import { cursorOfId } from '../domain/node-list.ts';
import type { Artifact, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, MetadataStore } from '../mlmd/store.ts';
import { inChunks } from './in-chunks.ts';
import { associationsOf, attributionsOf, type ReadMemberships } from './memberships.ts';

/** Rows in one page of a list: MLMD gives no more. */
const PAGE = 100;

/** Contexts in the filter of one list. */
const CHUNK = 100;

/** A page of the members of a context: the first `count` whose id is above `afterId`, by ascending id. */
export interface MembersKey {
  readonly contextId: bigint;
  readonly count: number;
  readonly afterId: bigint;
}

/** Members of a context, and whether there are more behind them. */
export interface Members<Node> {
  readonly nodes: readonly Node[];
  readonly more: boolean;
}

/** Refuses to go on where so many rows more are too many for this request. */
export type Foresee = (rows: number) => void;

interface Listing<Node> {
  readonly nodes: readonly Node[];
  readonly nextPageToken?: string | undefined;
}

/** How the members of contexts are read from a store. */
interface Source<Node> {
  /** Members of one context by ascending id. */
  ofContext(contextId: bigint, count: number, token: string | undefined): Promise<Listing<Node>>;
  /** Nodes that are members of any of these contexts, by ascending id. */
  ofContexts(contextIds: readonly bigint[], token: string | undefined): Promise<Listing<Node>>;
  readonly memberships: ReadMemberships;
}

/**
 * Loaders of the artifacts and executions of contexts for one request. MLMD has no batch read for them: one context is
 * one call; more of them are read as one list in pages of 100, with one call per page for who belongs where, until each
 * context has what was asked for.
 */
export function createMemberLoaders(store: MetadataStore, call: Call, foresee: Foresee) {
  const bare = { ...call, read: { properties: [] } };
  const toOptions = (maxResultSize: number, nextPageToken: string | undefined) => ({ maxResultSize, nextPageToken });
  const inContexts = (ids: readonly bigint[], token: string | undefined) => ({
    ...toOptions(PAGE, token),
    filterQuery: `contexts_c.id IN (${ids.join(', ')})`,
  });
  return {
    artifactsOfContext: createMembersLoader<Artifact>(
      {
        async ofContext(contextId, count, token) {
          const page = await store.getArtifactsByContext({ contextId, options: toOptions(count, token) }, bare);
          return { ...page, nodes: page.artifacts };
        },
        async ofContexts(ids, token) {
          const page = await store.getArtifacts({ options: inContexts(ids, token) }, bare);
          return { ...page, nodes: page.artifacts };
        },
        memberships: attributionsOf(store, call),
      },
      foresee,
    ),
    executionsOfContext: createMembersLoader<Execution>(
      {
        async ofContext(contextId, count, token) {
          const page = await store.getExecutionsByContext({ contextId, options: toOptions(count, token) }, bare);
          return { ...page, nodes: page.executions };
        },
        async ofContexts(ids, token) {
          const page = await store.getExecutions({ options: inContexts(ids, token) }, bare);
          return { ...page, nodes: page.executions };
        },
        memberships: associationsOf(store, call),
      },
      foresee,
    ),
  };
}

function createMembersLoader<Node extends { readonly id?: bigint | undefined }>(
  source: Source<Node>,
  foresee: Foresee,
) {
  return new DataLoader<MembersKey, Members<Node>, string>(
    async (keys) => {
      const [only] = keys;
      if (keys.length === 1 && only) return [await membersOfOne(source, only)];
      return [...(await inChunks(keys, CHUNK, (chunk) => membersOfMany(source, chunk, foresee)))];
    },
    { cacheKeyFn: ({ contextId, count, afterId }) => `${contextId}:${count}:${afterId}` },
  );
}

async function membersOfOne<Node>(source: Source<Node>, key: MembersKey): Promise<Members<Node>> {
  const { nodes, nextPageToken } = await source.ofContext(key.contextId, key.count, tokenBehind(key.afterId));
  return { nodes, more: Boolean(nextPageToken) };
}

/** What is known so far of the page that a key asks for. */
interface Pending<Node> {
  readonly key: MembersKey;
  readonly nodes: Node[];
}

async function membersOfMany<Node extends { readonly id?: bigint | undefined }>(
  source: Source<Node>,
  keys: readonly MembersKey[],
  foresee: Foresee,
): Promise<Members<Node>[]> {
  const all = keys.map((key): Pending<Node> => ({ key, nodes: [] }));
  const unsatisfied = () => all.filter(({ key, nodes }) => nodes.length <= key.count);
  let token = tokenBehind(keys.reduce((least, { afterId }) => (afterId < least ? afterId : least), MAX_ID));

  for (let pending = unsatisfied(); pending.length > 0; pending = unsatisfied()) {
    // Only those that still lack members: a context with many does not make us read it to its end.
    const contextIds = [...new Set(pending.map(({ key }) => key.contextId))];
    const page = await source.ofContexts(contextIds, token);
    if (page.nodes.length > 0) await distribute(source, pending, page.nodes);
    foresee(all.reduce((found, { key, nodes }) => found + Math.min(nodes.length, key.count), 0));
    token = page.nextPageToken;
    if (!token) break;
  }
  return all.map(({ key, nodes }) => ({ nodes: nodes.slice(0, key.count), more: nodes.length > key.count }));
}

async function distribute<Node extends { readonly id?: bigint | undefined }>(
  source: Source<Node>,
  pending: readonly Pending<Node>[],
  nodes: readonly Node[],
): Promise<void> {
  const memberships = await source.memberships(nodes.map(({ id = 0n }) => id));
  const contextsByNode = Map.groupBy(memberships, ({ nodeId }) => nodeId);
  for (const node of nodes) {
    const { id = 0n } = node;
    const contextIds = new Set((contextsByNode.get(id) ?? []).map(({ contextId }) => contextId));
    for (const { key, nodes: found } of pending) {
      if (contextIds.has(key.contextId) && id > key.afterId && found.length <= key.count) found.push(node);
    }
  }
}

const MAX_ID = 2n ** 63n - 1n;

/** MLMD's page token behind an id, or none at the beginning. */
function tokenBehind(id: bigint): string | undefined {
  return id > 0n ? cursorOfId({ id }) : undefined;
}
