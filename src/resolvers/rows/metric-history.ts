import type { Context } from '../../context.ts';
import type { OrderArgument, PageArguments } from '../../domain/page.ts';
import { METRIC_HISTORY_TYPE } from '../../domain/registry-kinds.ts';
import { listMetricHistory } from '../../registry/metric-history.ts';
import { groupPage } from './registry-lists.ts';

interface HistoryArguments extends PageArguments {
  readonly orderBy?: OrderArgument<'ID' | 'CREATE_TIME' | 'LAST_UPDATE_TIME'> | null | undefined;
  readonly name?: string | null | undefined;
  readonly steps?: readonly bigint[] | null | undefined;
  readonly filterQuery?: string | null | undefined;
}

/** The values that were logged in a run: of one level together, where they are neither filtered nor ordered. */
export async function metricHistory(
  { id = 0n }: { readonly id?: bigint | undefined },
  history: HistoryArguments,
  context: Context,
) {
  const { store, call, budget, loaders } = context;
  if (history.name == null && !history.steps && !history.orderBy && !history.filterQuery) {
    return groupPage('artifactsOfContexts', { key: id, types: [METRIC_HISTORY_TYPE] }, history, context);
  }
  return budget.counted(await loaders.inTurn(() => listMetricHistory({ store, call }, id, history)));
}

/** The values that were logged in any run. */
export async function metricHistoryOfAll(_root: unknown, history: HistoryArguments, { store, call, budget }: Context) {
  return budget.counted(await listMetricHistory({ store, call }, undefined, history));
}
