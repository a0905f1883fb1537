import type { Call } from '../mlmd/store.ts';
import { createLoader } from './create-loader.ts';
import { CHUNK, inChunks } from './in-chunks.ts';

interface Identified {
  readonly id?: bigint | undefined;
}

/** Reads nodes of a kind by their ids. */
export type ReadNodes<Node> = (ids: readonly bigint[], call: Call) => Promise<readonly Node[]>;

/** Nodes by id, each read once: all that are asked for in a tick by one call, in chunks of 1,000. */
export interface NodeReads<Node> {
  load(id: bigint): Promise<Node | null>;
  /** The same for many, in their order: a promise for all of them, where thousands would cost more than the read. */
  loadAll(ids: readonly bigint[]): Promise<readonly (Node | null)[]>;
  /** Remembers a node that was read otherwise, unless it is known. */
  prime(node: Node): void;
}

/** Reads with the same options for one request. What failed is asked for again. */
export function createNodeReads<Node extends Identified>(read: ReadNodes<Node>, call: Call): NodeReads<Node> {
  const known = new Map<bigint, Node | null>();
  /** By the id of a node that was asked for: the read that brings it. */
  const coming = new Map<bigint, Promise<void>>();
  /** What the next read is going to bring: it has one promise, however many ask. */
  let next: { readonly ids: bigint[]; readonly read: Promise<void> } | undefined;
  const endOfTick = createLoader<bigint[], void>(call, 'nodes', (lists) => bring(lists), { cache: false });

  async function bring(lists: readonly bigint[][]): Promise<undefined[]> {
    next = undefined;
    const ids = lists.flat();
    try {
      for (const node of await inChunks(ids, CHUNK, (chunk) => read(chunk, call))) prime(node);
      for (const id of ids) if (!known.has(id)) known.set(id, null);
    } finally {
      for (const id of ids) coming.delete(id);
    }
    return lists.map(() => undefined);
  }

  function ask(id: bigint): Promise<void> {
    const asked = coming.get(id);
    if (asked) return asked;
    const { ids, read: reading } = nextRead();
    ids.push(id);
    coming.set(id, reading);
    return reading;
  }

  function nextRead(): NonNullable<typeof next> {
    if (next) return next;
    const ids: bigint[] = [];
    next = { ids, read: endOfTick.load(ids) };
    return next;
  }

  function prime(node: Node): void {
    const { id = 0n } = node;
    if (!known.has(id)) known.set(id, node);
  }

  return {
    load(id) {
      const there = known.get(id);
      if (there === undefined) return ask(id).then(() => known.get(id) ?? null);
      // Together with those that are read in this tick, so that what they lead to is asked for together too.
      const give = () => there;
      return nextRead().read.then(give, give);
    },
    async loadAll(ids) {
      const reads = new Set<Promise<void>>();
      for (const id of ids) if (!known.has(id)) reads.add(ask(id));
      await Promise.all(reads);
      return ids.map((id) => known.get(id) ?? null);
    },
    prime,
  };
}
