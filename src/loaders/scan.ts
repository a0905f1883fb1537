import { chunksOf } from '../domain/chunks.ts';
import { MAX_ID } from '../domain/ids.ts';
import { inParallel } from '../domain/in-parallel.ts';
import type { GroupBounds } from '../mlmd/store.ts';
import type { ChildrenKey, Foresee, GroupKey, GroupRows } from './group-page.ts';
import { CHUNK } from './in-chunks.ts';
import { beginning, PAGE, type Place } from './list-options.ts';

/** A row that was met, and the keys of the groups that it belongs to. */
export interface ScannedRow {
  readonly id: bigint;
  readonly of: readonly bigint[];
}

/** How the rows of groups are read from a server that has no read of groups. */
export interface ScanSource<Node, Row extends ScannedRow> {
  /** Rows of one group. */
  ofOne(key: bigint, group: GroupBounds, count: number, place: Place): Promise<GroupRows<Node>>;
  /** Some rows that belong to any of these groups, in the order of the walk. */
  ofMany(
    keys: readonly bigint[],
    group: GroupBounds,
    place: Place,
  ): Promise<{ readonly rows: readonly Row[]; readonly more: boolean }>;
  /** The nodes of rows, in any order. */
  nodes(rows: readonly Row[]): Promise<readonly Node[]>;
}

/** One page for each key. A single key is one call; more of them are read as one list, until each key has its page. */
export async function scanGroups<Node extends { readonly id?: bigint | undefined }, Row extends ScannedRow>(
  source: ScanSource<Node, Row>,
  keys: readonly GroupKey[],
  foresee: Foresee,
): Promise<readonly GroupRows<Node>[]> {
  const [only] = keys;
  if (keys.length === 1 && only && only.count <= PAGE) {
    return [await source.ofOne(only.key, only, only.count, beginning(only.afterId, isNewestFirst(only)))];
  }
  const walks = [...Map.groupBy(keys, walkOf).values()].flatMap((alike) => chunksOf(alike, CHUNK));
  const pages = new Map((await inParallel(walks, (walk) => scan(source, walk, foresee))).flatMap((each) => [...each]));
  return keys.map((key) => pages.get(key) ?? { nodes: [], more: false });
}

/** What keys have alike that one walk can serve, as text. */
function walkOf(key: GroupKey): string {
  return JSON.stringify([key.types, key.parentTypes, key.property, isNewestFirst(key)]);
}

function isNewestFirst({ newestFirst = false }: ChildrenKey): boolean {
  return newestFirst;
}

/** What is known so far of the page that a key asks for: up to one row more than it holds. */
interface Pending<Row> {
  readonly key: GroupKey;
  readonly rows: Row[];
}

async function scan<Node extends { readonly id?: bigint | undefined }, Row extends ScannedRow>(
  source: ScanSource<Node, Row>,
  keys: readonly GroupKey[],
  foresee: Foresee,
): Promise<ReadonlyMap<GroupKey, GroupRows<Node>>> {
  const all = keys.map((key): Pending<Row> => ({ key, rows: [] }));
  await walk(source, all, foresee);
  const shown = all.flatMap(({ key, rows }) => rows.slice(0, key.count));
  const nodes = await source.nodes([...new Map(shown.map((row) => [row.id, row])).values()]);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return new Map(
    all.map(({ key, rows }) => [
      key,
      { nodes: rows.slice(0, key.count).flatMap(({ id }) => byId.get(id) ?? []), more: rows.length > key.count },
    ]),
  );
}

async function walk<Row extends ScannedRow>(
  source: ScanSource<unknown, Row>,
  all: readonly Pending<Row>[],
  foresee: Foresee,
): Promise<void> {
  const [{ key: group } = { key: NO_KEY }] = all;
  const least = all.reduce((lowest, { key }) => (key.afterId < lowest ? key.afterId : lowest), MAX_ID);
  let place = beginning(least, isNewestFirst(group));

  for (let pending = all; pending.length > 0; pending = pending.filter(isUnsatisfied)) {
    // Only those that still lack rows: a group with many does not make us read it to its end.
    const { rows, more } = await source.ofMany([...new Set(pending.map(({ key }) => key.key))], group, place);
    for (const row of rows) distribute(pending, row);
    foresee(all.reduce((found, { key, rows: own }) => found + Math.min(own.length, key.count), 0));
    const last = rows.at(-1);
    if (!more || !last) break;
    place = { ...place, behind: last.id };
  }
}

const NO_KEY: GroupKey = { key: 0n, count: 1, afterId: 0n };

function isUnsatisfied({ key, rows }: Pending<unknown>): boolean {
  return rows.length <= key.count;
}

function distribute<Row extends ScannedRow>(pending: readonly Pending<Row>[], row: Row): void {
  for (const one of pending) {
    const { key, rows } = one;
    if (row.of.includes(key.key) && row.id > key.afterId && isUnsatisfied(one) && rows.at(-1)?.id !== row.id) {
      rows.push(row);
    }
  }
}
