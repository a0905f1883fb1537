import { type ListOrder, type ListPosition, orderValue, positionAfter } from '../domain/page-token.ts';
import type { RegistryRow } from '../domain/registry-fields.ts';
import type { NodeSlice } from './node-lists.ts';

/** One list, read slice by slice as its rows are needed. */
export interface SlicedList<Key> {
  readonly key: Key;
  /** The slice behind a place. */
  read(position: ListPosition | undefined): Promise<NodeSlice>;
}

/** A row as each of the lists gave it that have it; they may have read different properties. */
export type MergedRow<Key> = readonly [FoundRow<Key>, ...FoundRow<Key>[]];

/** A row of one list. */
export interface FoundRow<Key> {
  readonly key: Key;
  readonly node: RegistryRow;
}

/** The rows behind a place of lists that are all in this order, each row once and in order. */
export async function* mergeLists<Key>(
  order: ListOrder,
  position: ListPosition | undefined,
  lists: readonly SlicedList<Key>[],
): AsyncGenerator<MergedRow<Key>> {
  let heads: readonly Head<Key>[] = lists.map((list) => ({ list, nodes: [], position, more: true }));
  for (;;) {
    heads = await Promise.all(heads.map((head) => filled(order, head)));
    const nodes = heads.flatMap(({ nodes: [node] }) => node ?? []);
    const [first] = nodes;
    if (!first) return;
    const next = nodes.reduce((best, node) => (isBefore(order, node, best) ? node : best), first);
    const from = heads.filter(({ nodes: [node] }) => node?.id === next.id);
    const [row, ...others] = from.flatMap(({ list: { key }, nodes: [node] }) => (node ? [{ key, node }] : []));
    if (row) yield [row, ...others];
    heads = heads.map((head) => (from.includes(head) ? { ...head, nodes: head.nodes.slice(1) } : head));
  }
}

/** What was read of a list and not given yet, and where that ends. */
interface Head<Key> {
  readonly list: SlicedList<Key>;
  readonly nodes: readonly RegistryRow[];
  readonly position: ListPosition | undefined;
  readonly more: boolean;
}

/** The head with a row in it, if its list has one more. The place is our own: the C++ engine's may repeat rows. */
async function filled<Key>(order: ListOrder, head: Head<Key>): Promise<Head<Key>> {
  if (head.nodes.length > 0 || !head.more) return head;
  const { nodes, nextPageToken } = await head.list.read(head.position);
  const position = nodes.length === 0 ? undefined : positionAfter(order, nodes, nodes.length - 1, head.position);
  return { ...head, nodes, position, more: Boolean(nextPageToken) && nodes.length > 0 };
}

function isBefore(order: ListOrder, one: RegistryRow, other: RegistryRow): boolean {
  const [a, b] = [orderValue(order, one), orderValue(order, other)];
  const [x, y] = a === b ? [one.id ?? 0n, other.id ?? 0n] : [a, b];
  return order.isAsc ? x < y : x > y;
}
