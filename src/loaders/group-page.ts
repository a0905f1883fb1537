import type { GroupPage } from '../mlmd/store.ts';

/** A page of the group of a key: the first `count` rows whose id is above `afterId`, by ascending id. */
export interface GroupKey extends Omit<GroupPage, 'keys' | 'first'> {
  readonly key: bigint;
  readonly count: number;
}

/** A page of children; the only ones that come by descending id too: over gRPC, members are told in ascending order. */
export interface ChildrenKey extends GroupKey {
  readonly newestFirst?: boolean;
}

/** Rows of a group, and whether there are more behind them. */
export interface GroupRows<Node> {
  readonly nodes: readonly Node[];
  readonly more: boolean;
  /** How many rows the whole group has, where that is known. */
  readonly total?: number;
}

/** Refuses to go on where so many rows more are too many for this request. */
export type Foresee = (rows: number) => void;
