import type { Context } from '../context.ts';
import { type LineageFilterInput, parseFilter, parseTime } from '../domain/lineage/lineage-arguments.ts';
import { plainFilter } from '../domain/lineage/node-filter.ts';
import { fitting, notFitting } from './judges.ts';
import { type ShownWalk, type WalkArguments, walkPage } from './walk-page.ts';

/** The arguments of GraphQL's `lineage`. */
export interface LineageArguments extends WalkArguments {
  readonly direction?: 'UPSTREAM' | 'DOWNSTREAM' | 'BIDIRECTIONAL' | null | undefined;
  readonly filter?: LineageFilterInput | null | undefined;
  readonly stopAt?: LineageFilterInput | null | undefined;
  readonly through?: readonly 'CONTEXTS'[] | null | undefined;
  readonly asOf?: bigint | string | null | undefined;
}

/** A page of a lineage. */
export interface LineagePage extends ShownWalk {
  readonly asOf: bigint | undefined;
  /** Whether a filter chose by states, of which only today's are known. */
  readonly looksAtStates: boolean;
}

/** A page of what nodes were made from and what they affect. INVALID_ARGUMENT for arguments that are not right. */
export async function lineagePage(context: Context, args: LineageArguments): Promise<LineagePage> {
  const filter = parseFilter(args.filter, 'filter');
  const stopAt = parseFilter(args.stopAt, 'stopAt');
  const asOf = parseTime(args.asOf);
  const ways = { up: args.direction !== 'DOWNSTREAM', down: args.direction !== 'UPSTREAM' };
  const throughContexts = args.through?.includes('CONTEXTS') ?? false;
  const page = await walkPage(context, args, {
    ...{ ...ways, throughContexts, asOf },
    question: { ...ways, throughContexts, asOf, filter: plainFilter(filter), stopAt: plainFilter(stopAt) },
    opens: stopAt && notFitting(context, stopAt),
    shows: filter && fitting(context, filter),
  });
  return { ...page, asOf, looksAtStates: filter?.states !== undefined || stopAt?.states !== undefined };
}
