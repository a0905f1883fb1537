import type { DemoNode } from './graph.ts';

/** What the store called the nodes: ids of types by name, of nodes by key. */
export interface Ids {
  readonly types: ReadonlyMap<string, bigint>;
  readonly contexts: ReadonlyMap<string, bigint>;
  readonly artifacts: ReadonlyMap<string, bigint>;
  readonly executions: ReadonlyMap<string, bigint>;
}

/** The ids that an RPC gave, by the keys of the nodes it was given. */
export function idsByKey(nodes: readonly DemoNode[], ids: readonly bigint[]): ReadonlyMap<string, bigint> {
  return new Map(nodes.map(({ key }, index) => [key, ids[index] ?? 0n]));
}

/** The id of a key; an error of the tables where there is none. */
export function idOf(ids: ReadonlyMap<string, bigint>, key: string): bigint {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the demonstration data name '${key}', which is nowhere`);
  return id;
}
