import type { Artifact, Context, Execution } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { Call, GroupBounds, GroupPage, GroupPages, GroupReads, Groups, MetadataStore } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import type { ChildrenKey, Foresee, GroupKey, GroupRows } from './group-page.ts';
import { createGroupScans, type Known } from './group-scans.ts';
import { CHUNK, inChunks } from './in-chunks.ts';

/** The key of a count. */
export interface CountKey extends GroupBounds {
  readonly of: keyof GroupPages;
  readonly key: bigint;
}

/** Rows that one call may give at most. */
const ROWS = 20_000;

/**
 * Loaders of pages of groups for one request: what is asked for in a tick is one call where the store has reads of
 * groups; over any other it is read as lists in pages of 100.
 */
export function createGroupLoaders(store: MetadataStore, call: Call, foresee: Foresee, known: Known) {
  const bare = { ...call, read: { properties: [] } };
  const scans = createGroupScans(store, bare, foresee, known);
  const { groups } = store;
  const loader = <Node, Key extends GroupKey = GroupKey>(
    read: (groups: GroupReads, page: GroupPage) => Promise<Groups<Node>>,
    scan: (keys: readonly Key[]) => Promise<readonly GroupRows<Node>[]>,
  ) =>
    createLoader<Key, GroupRows<Node>, string>(
      call,
      'groups',
      (keys) => (groups ? readGroups(keys, (page) => read(groups, page), foresee) : scan(keys)),
      { cacheKeyFn: toText },
    );
  return {
    groups: {
      artifactsOfContexts: loader<Artifact>((from, page) => from.artifactsOfContexts(page, bare), scans.artifacts),
      executionsOfContexts: loader<Execution>((from, page) => from.executionsOfContexts(page, bare), scans.executions),
      childrenOfContexts: loader<Context, ChildrenKey>(
        (from, page) => from.childrenOfContexts(page, bare),
        scans.children,
      ),
      contextsOfArtifacts: loader<Context>(
        (from, page) => from.contextsOfArtifacts(page, bare),
        scans.contextsOfArtifacts,
      ),
      contextsByInt: loader<Context>((from, page) => from.contextsByInt(page, bare), scans.contextsByInt),
      executionsByInt: loader<Execution>((from, page) => from.executionsByInt(page, bare), scans.executionsByInt),
    },
    /** How many rows a group has; absent where the store cannot count. */
    groupCount: groups && createCountLoader(groups, call),
  };
}

/** What two keys have to have alike to be read by one call, as text. */
function toText(parts: object): string {
  return JSON.stringify(parts, (_name, value) => (typeof value === 'bigint' ? value.toString() : value));
}

async function readGroups<Node>(
  keys: readonly GroupKey[],
  read: (page: GroupPage) => Promise<Groups<Node>>,
  foresee: Foresee,
): Promise<readonly GroupRows<Node>[]> {
  const pages = new Map<GroupKey, GroupRows<Node>>();
  let found = 0;
  for (const alike of Map.groupBy(keys, ({ key: _key, ...rest }) => toText(rest)).values()) {
    const [{ key: _key, count, ...rest } = NO_KEY] = alike;
    const size = Math.max(1, Math.min(CHUNK, Math.floor(ROWS / count)));
    // One after the other, so that what is too much is refused before all of it is read.
    for (let start = 0; start < alike.length; start += size) {
      const chunk = alike.slice(start, start + size);
      const rows = await read({ ...rest, keys: chunk.map(({ key }) => key), first: count + 1 });
      for (const key of chunk) {
        const nodes = rows.get(key.key) ?? [];
        pages.set(key, { nodes: nodes.slice(0, count), more: nodes.length > count });
        found += Math.min(nodes.length, count);
      }
      foresee(found);
    }
  }
  return keys.map((key) => pages.get(key) ?? { nodes: [], more: false });
}

const NO_KEY: GroupKey = { key: 0n, count: 1, afterId: 0n };

function createCountLoader(groups: GroupReads, call: Call) {
  return createLoader<CountKey, number, string>(
    call,
    'group counts',
    async (keys) => {
      const counts = new Map<CountKey, number>();
      for (const alike of Map.groupBy(keys, ({ key: _key, ...rest }) => toText(rest)).values()) {
        const [{ key: _key, of, ...group } = { key: 0n, of: 'childrenOfContexts' as const }] = alike;
        const read = async (chunk: CountKey[]) => [
          ...(await groups.groupCounts(of, { ...group, keys: chunk.map(({ key }) => key) }, call)),
        ];
        const found = new Map(await inChunks(alike, CHUNK, read));
        for (const key of alike) counts.set(key, found.get(key.key) ?? 0);
      }
      return keys.map((key) => counts.get(key) ?? 0);
    },
    { cacheKeyFn: toText },
  );
}
